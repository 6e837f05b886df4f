//! What a user may set. Doors read it from files and options; here it is plain data.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::finding::{Confidence, Profile, Severity};
use crate::model::schema::ModelFile;
use crate::paths::Glob;
use crate::rules::Rule;

/// Files larger than this are skipped unless the configuration says otherwise.
pub const FILE_SIZE_DEFAULT: u64 = 1_000_000;
/// No configuration raises [`Config::max_file_size`] above this.
pub const FILE_SIZE_MAX: u64 = 10_000_000;

/// Keys are spelled like the options: `min-severity`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Config {
    pub profile: Profile,
    /// The lowest severity that makes a run fail.
    pub fail_on: FailOn,
    pub min_severity: Severity,
    pub min_confidence: Confidence,
    /// Rules or groups that run, whatever their profile; empty means those of the profile.
    pub select: Vec<String>,
    /// Rules or groups that do not run.
    pub ignore: Vec<String>,
    pub tests: TestTreatment,
    /// Patterns of files that are no part of the project.
    pub exclude: Vec<String>,
    /// In bytes, at most [`FILE_SIZE_MAX`].
    pub max_file_size: u64,
    /// A suppression without a reason is refused.
    pub require_reason: bool,
    /// A file inside the repository to which the command line adds one line a run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub telemetry: Option<String>,
    /// Configuration files this one builds upon; resolved by the door.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "one_or_many")]
    pub extends: Vec<String>,
    pub overrides: Vec<Override>,
    pub assume: Assume,
    pub models: Models,
    /// Files and folders whose findings are reported; empty means all. Set by the door.
    #[serde(skip)]
    pub scope: Vec<String>,
    /// The models in `models.files`, which the door has read and found to be right.
    #[serde(skip)]
    pub model_files: Vec<ModelFile>,
    /// Files that will be called otherwise: their findings get the fingerprints of the new names. Set by the door.
    #[serde(skip)]
    pub renamed: BTreeMap<String, String>,
    /// Where the rules' pages are, when it is not the repository of this program. Set by the door.
    #[serde(skip)]
    pub docs: Option<String>,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            profile: Profile::Core,
            fail_on: FailOn::High,
            min_severity: Severity::Info,
            min_confidence: Confidence::Low,
            select: Vec::new(),
            ignore: Vec::new(),
            tests: TestTreatment::Lower,
            exclude: Vec::new(),
            max_file_size: FILE_SIZE_DEFAULT,
            require_reason: false,
            telemetry: None,
            extends: Vec::new(),
            overrides: Vec::new(),
            assume: Assume::default(),
            models: Models::default(),
            scope: Vec::new(),
            model_files: Vec::new(),
            renamed: BTreeMap::new(),
            docs: None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FailOn {
    Critical,
    High,
    Medium,
    Low,
    Info,
    None,
}

impl FailOn {
    /// A finding of low confidence never counts.
    pub fn counts(self, severity: Severity, confidence: Confidence) -> bool {
        let least = match self {
            FailOn::Critical => Severity::Critical,
            FailOn::High => Severity::High,
            FailOn::Medium => Severity::Medium,
            FailOn::Low => Severity::Low,
            FailOn::Info => Severity::Info,
            FailOn::None => return false,
        };
        severity >= least && confidence >= Confidence::Medium
    }
}

/// What happens to findings in code that tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TestTreatment {
    /// As anywhere else.
    Same,
    /// One severity lower; quality rules are silent.
    Lower,
    /// Nothing is reported.
    Skip,
}

/// Other settings for the files that fit one of the patterns.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Override {
    pub files: Vec<String>,
    #[serde(default)]
    pub ignore: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_severity: Option<Severity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_confidence: Option<Confidence>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tests: Option<TestTreatment>,
}

/// Facts the code cannot show.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Assume {
    pub rate_limit: DoneBy,
    pub tls_termination: DoneBy,
    pub security_headers: DoneBy,
    pub body_limit: DoneBy,
    /// `/health`, `POST /auth/login`
    pub public_routes: Vec<String>,
    pub trusted_headers: Vec<String>,
    pub owner_columns: Vec<String>,
    pub tenant_columns: Vec<String>,
    pub small_tables: Vec<String>,
}

impl Default for Assume {
    fn default() -> Assume {
        let names = |list: &[&str]| list.iter().map(|it| it.to_string()).collect();
        Assume {
            rate_limit: DoneBy::None,
            tls_termination: DoneBy::None,
            security_headers: DoneBy::None,
            body_limit: DoneBy::None,
            public_routes: Vec::new(),
            trusted_headers: Vec::new(),
            owner_columns: names(&["userId", "ownerId", "user_id", "owner_id", "created_by"]),
            tenant_columns: names(&["tenantId", "organizationId", "tenant_id", "org_id"]),
            small_tables: Vec::new(),
        }
    }
}

/// Something in front of the application that does the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DoneBy {
    None,
    Proxy,
    Gateway,
}

/// The project's own names, recognized like the built-in ones.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Models {
    /// Patterns of whole model files.
    pub files: Vec<String>,
    pub guards: Vec<String>,
    /// By kind: `{ sql = ["quoteIdent"] }`.
    pub sanitizers: BTreeMap<String, Vec<String>>,
    pub validators: Vec<String>,
    pub async_wrappers: Vec<String>,
    pub limiters: Vec<String>,
}

impl Models {
    /// Whether it says anything of functions of the project.
    pub fn names_functions(&self) -> bool {
        let lists = [&self.guards, &self.validators, &self.async_wrappers, &self.limiters];
        !self.sanitizers.is_empty() || lists.iter().any(|it| !it.is_empty())
    }
}

impl Config {
    /// Whether the rule runs at all.
    pub fn runs(&self, rule: &Rule) -> bool {
        if names_rule(&self.ignore, rule) {
            return false;
        }
        if self.select.is_empty() { rule.profile <= self.profile } else { names_rule(&self.select, rule) }
    }

    /// Whether the profile reports this finding; a rule that was asked for by name reports all of them.
    pub fn wants(&self, finding: &crate::finding::Finding) -> bool {
        !self.select.is_empty() || finding.profile <= self.profile
    }

    /// Whether findings in this file are reported.
    pub fn in_scope(&self, path: &str) -> bool {
        self.scope.is_empty() || self.scope.iter().any(|it| is_below(it, path))
    }

    /// The largest file that is read, in bytes.
    pub fn file_size_max(&self) -> u64 {
        self.max_file_size.min(FILE_SIZE_MAX)
    }

    /// The configuration as it holds for one file.
    pub fn for_file<'a>(&'a self, path: &str) -> FileConfig<'a> {
        let mut file = FileConfig {
            ignore: Vec::new(),
            min_severity: self.min_severity,
            min_confidence: self.min_confidence,
            tests: self.tests,
        };
        for it in &self.overrides {
            if !it.files.iter().any(|pattern| Glob::new(pattern).matches(path)) {
                continue;
            }
            file.ignore.push(it.ignore.as_slice());
            file.min_severity = it.min_severity.unwrap_or(file.min_severity);
            file.min_confidence = it.min_confidence.unwrap_or(file.min_confidence);
            file.tests = it.tests.unwrap_or(file.tests);
        }
        file
    }
}

/// What [`Config::for_file`] gives.
#[derive(Debug)]
pub struct FileConfig<'a> {
    ignore: Vec<&'a [String]>,
    pub min_severity: Severity,
    pub min_confidence: Confidence,
    pub tests: TestTreatment,
}

impl FileConfig<'_> {
    /// Rules or groups left out for this file beside those left out everywhere.
    pub fn ignored(&self) -> Vec<String> {
        self.ignore.iter().flat_map(|it| it.iter().cloned()).collect()
    }

    pub fn ignores(&self, rule: &Rule) -> bool {
        self.ignore.iter().any(|it| names_rule(it, rule))
    }
}

fn names_rule(names: &[String], rule: &Rule) -> bool {
    names.iter().any(|it| it == rule.id || it == rule.group || it == "all")
}

fn is_below(folder: &str, path: &str) -> bool {
    match path.strip_prefix(folder) {
        Some(rest) => folder.is_empty() || rest.is_empty() || rest.starts_with('/'),
        None => folder == ".",
    }
}

fn one_or_many<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum OneOrMany {
        One(String),
        Many(Vec<String>),
    }
    Ok(match OneOrMany::deserialize(deserializer)? {
        OneOrMany::One(it) => vec![it],
        OneOrMany::Many(them) => them,
    })
}
