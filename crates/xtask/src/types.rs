//! TypeScript types of the package, read from the Rust types and what they say to serde: nobody keeps them by hand.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use syn::{Attribute, Fields, GenericArgument, Item, ItemEnum, ItemStruct, PathArguments, Type};

pub const TYPES: &str = "pkg/src/types.ts";

/// The files, and which of their types are written, in this order. Their fields may name no others.
const SOURCES: &[(&str, &[&str])] = &[
    ("crates/wasm/src/lib.rs", &["File"]),
    (
        "crates/core/src/report/mod.rs",
        &[
            "Report",
            "Finding",
            "Suppressed",
            "SuppressedBy",
            "Range",
            "Position",
            "Related",
            "FlowStep",
            "Fix",
            "Edit",
            "Problem",
            "Stats",
            "BySeverity",
        ],
    ),
    ("crates/core/src/report/route.rs", &["Route", "Guards", "Evidence"]),
    ("crates/core/src/report/rule_meta.rs", &["RuleMeta"]),
    (
        "crates/core/src/finding.rs",
        &["Severity", "Confidence", "Profile", "Specialist", "StepKind", "FixKind", "ProblemKind"],
    ),
    ("crates/wasm/src/options.rs", &["Options"]),
    ("crates/core/src/config.rs", &["Config", "FailOn", "TestTreatment", "Override", "Assume", "DoneBy", "Models"]),
];

/// What a caller hands over may leave out fields that have a value of their own.
const INPUT: &[&str] = &["crates/wasm/src/options.rs", "crates/core/src/config.rs"];

pub fn types(root: &Path) -> Result<String> {
    let mut out = "// Made by `cargo xtask gen` from the Rust types.\n".to_owned();
    for (path, names) in SOURCES {
        let text = fs::read_to_string(root.join(path)).with_context(|| format!("reading {path}"))?;
        let file = syn::parse_file(&text).with_context(|| format!("parsing {path}"))?;
        let is_input = INPUT.contains(path);
        for name in *names {
            let written = file.items.iter().find_map(|item| match item {
                Item::Struct(it) if it.ident == name => Some(of_struct(it, is_input)),
                Item::Enum(it) if it.ident == name => Some(of_enum(it)),
                _ => None,
            });
            let Some(written) = written else { bail!("{path} has no type `{name}`") };
            write!(out, "\n{}", written.with_context(|| format!("`{name}` in {path}"))?)?;
        }
    }
    Ok(out)
}

fn of_struct(item: &ItemStruct, is_input: bool) -> Result<String> {
    let serde = Serde::of(&item.attrs)?;
    let Fields::Named(fields) = &item.fields else { bail!("fields without names") };
    let mut body = String::new();
    let mut extends = String::new();
    for field in &fields.named {
        let own = Serde::of(&field.attrs)?;
        if own.skip {
            continue;
        }
        let (written, is_optional) = type_name(&field.ty)?;
        if own.flatten {
            extends = format!(" extends {written}");
            continue;
        }
        let name = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
        let name = serde.renamed(&name)?;
        let name = if name.contains('-') { format!("\"{name}\"") } else { name };
        let may_miss = own.skip_if || (is_input && (serde.default || own.default || is_optional));
        if is_optional && !may_miss {
            bail!("`{name}` would be null: skip it if it is none");
        }
        let written = if own.one_or_many { format!("string | {written}") } else { written };
        body.push_str(&comment(&field.attrs, "  "));
        writeln!(body, "  {name}{}: {written};", if may_miss { "?" } else { "" })?;
    }
    let name = public_name(&item.ident.to_string());
    Ok(format!("{}export interface {name}{extends} {{\n{body}}}\n", comment(&item.attrs, "")))
}

fn of_enum(item: &ItemEnum) -> Result<String> {
    let serde = Serde::of(&item.attrs)?;
    let mut words = Vec::new();
    for variant in &item.variants {
        if !matches!(variant.fields, Fields::Unit) {
            bail!("`{}` holds fields", variant.ident);
        }
        words.push(format!("\"{}\"", serde.renamed(&variant.ident.to_string())?));
    }
    Ok(format!("{}export type {} = {};\n", comment(&item.attrs, ""), item.ident, words.join(" | ")))
}

fn public_name(name: &str) -> String {
    if name == "File" { "SourceFile".to_owned() } else { name.to_owned() }
}

/// The type, and whether it is an `Option`.
fn type_name(ty: &Type) -> Result<(String, bool)> {
    match ty {
        Type::Reference(it) => type_name(&it.elem),
        Type::Slice(it) => Ok((format!("{}[]", type_name(&it.elem)?.0), false)),
        Type::Path(it) => {
            let last = it.path.segments.last().context("a path without a name")?;
            let inner = inner(&last.arguments)?;
            Ok(match (last.ident.to_string().as_str(), inner.as_slice()) {
                ("Option", [of]) => (of.clone(), true),
                ("Vec", [of]) => (format!("{of}[]"), false),
                ("BTreeMap", [key, value]) => (format!("Record<{key}, {value}>"), false),
                ("String" | "str", []) => ("string".to_owned(), false),
                ("u32" | "u64" | "usize", []) => ("number".to_owned(), false),
                ("bool", []) => ("boolean".to_owned(), false),
                (name, []) => (public_name(name), false),
                (name, _) => bail!("no type in TypeScript for `{name}`"),
            })
        }
        _ => bail!("no type in TypeScript for this field"),
    }
}

fn inner(arguments: &PathArguments) -> Result<Vec<String>> {
    let PathArguments::AngleBracketed(list) = arguments else { return Ok(Vec::new()) };
    let types = list.args.iter().filter_map(|it| match it {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    types.map(|ty| Ok(type_name(ty)?.0)).collect()
}

/// What serde is told of a type or a field.
#[derive(Default)]
struct Serde {
    rename_all: String,
    default: bool,
    skip: bool,
    skip_if: bool,
    flatten: bool,
    one_or_many: bool,
}

impl Serde {
    fn of(attributes: &[Attribute]) -> Result<Serde> {
        let mut all = Serde::default();
        for attribute in attributes.iter().filter(|it| it.path().is_ident("serde")) {
            attribute.parse_nested_meta(|meta| {
                let word = meta.path.get_ident().map(ToString::to_string).unwrap_or_default();
                let value = if meta.input.peek(syn::Token![=]) {
                    meta.value()?.parse::<syn::LitStr>()?.value()
                } else {
                    String::new()
                };
                match word.as_str() {
                    "rename_all" => all.rename_all = value,
                    "default" => all.default = true,
                    "skip" => all.skip = true,
                    "skip_serializing_if" => all.skip_if = true,
                    "flatten" => all.flatten = true,
                    "deserialize_with" if value == "one_or_many" => all.one_or_many = true,
                    "deny_unknown_fields" => {}
                    _ => return Err(meta.error("what this means in TypeScript is not known")),
                }
                Ok(())
            })?;
        }
        Ok(all)
    }

    fn renamed(&self, name: &str) -> Result<String> {
        Ok(match self.rename_all.as_str() {
            "" => name.to_owned(),
            "lowercase" => name.to_lowercase(),
            "kebab-case" => name.replace('_', "-"),
            "camelCase" => {
                let mut words = name.split('_');
                let first = words.next().unwrap_or_default().to_owned();
                words.fold(first, |out, word| out + &word[..1].to_uppercase() + &word[1..])
            }
            other => bail!("names in {other}"),
        })
    }
}

fn comment(attributes: &[Attribute], indent: &str) -> String {
    let mut lines = Vec::new();
    for attribute in attributes.iter().filter(|it| it.path().is_ident("doc")) {
        if let syn::Meta::NameValue(it) = &attribute.meta
            && let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) = &it.value
        {
            // Links between Rust items mean nothing here.
            lines.push(text.value().trim().replace("[`", "`").replace("`]", "`"));
        }
    }
    match lines.as_slice() {
        [] => String::new(),
        _ => format!("{indent}/** {} */\n", lines.join(" ")),
    }
}
