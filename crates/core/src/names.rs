//! What a name or a text says by itself: a credential, a cookie of a login, personal data, a placeholder. The words
//! are facts of `models/names.txt`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;
use rustc_hash::FxHashSet;

/// What a name says about the credential behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Credential {
    Password,
    Secret,
    Key,
    Token,
}

/// A provider's tokens begin alike.
#[derive(Debug)]
struct Provider {
    name: &'static str,
    prefix: &'static str,
    rest_min: usize,
    kind: &'static str,
}

/// The work factor of a password hash.
#[derive(Debug)]
pub struct Cost {
    algorithm: &'static str,
    pub least: f64,
    /// Below it the hash is as good as a fast one.
    pub weak: f64,
    pub unit: String,
}

#[derive(Debug, Default)]
struct Words {
    costs: Vec<Cost>,
    classes: BTreeMap<&'static str, BTreeSet<&'static str>>,
    /// Each class with each of its words: every name of a project is asked about.
    pairs: FxHashSet<(&'static str, &'static str)>,
    providers: Vec<Provider>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| read(include_str!("../models/names.txt")));

fn read(text: &'static str) -> Words {
    let mut words = Words::default();
    for line in text.lines().map(str::trim).filter(|it| !it.is_empty() && !it.starts_with('#')) {
        let mut parts = line.split_whitespace();
        let Some(class) = parts.next() else { continue };
        if class == "provider" {
            if let [name, prefix, rest_min, kind] = parts.collect::<Vec<_>>()[..] {
                let rest_min = rest_min.parse().unwrap_or(16);
                words.providers.push(Provider { name, prefix, rest_min, kind });
            }
            continue;
        }
        if class == "cost" {
            if let [algorithm, least, weak, ref unit @ ..] = parts.collect::<Vec<_>>()[..] {
                let number = |it: &str| it.parse().unwrap_or(0.0);
                words.costs.push(Cost { algorithm, least: number(least), weak: number(weak), unit: unit.join(" ") });
            }
            continue;
        }
        words.pairs.extend(parts.clone().map(|it| (class, it)));
        words.classes.entry(class).or_default().extend(parts);
    }
    words
}

/// Whether the word, or the pair `a+b`, is of the class.
pub fn is(class: &str, word: &str) -> bool {
    WORDS.pairs.contains(&(class, word))
}

fn has_part(class: &str, text: &str) -> bool {
    WORDS.classes.get(class).is_some_and(|it| it.iter().any(|part| text.contains(part)))
}

/// The words of a name, in lower case: `dbPassword`, `DB_PASSWORD` and `db-password` are the same.
pub fn words(name: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let mut word = String::new();
    let chars: Vec<char> = name.chars().collect();
    for (index, &it) in chars.iter().enumerate() {
        if !it.is_alphanumeric() {
            all.push(std::mem::take(&mut word));
            continue;
        }
        let previous = index.checked_sub(1).map(|at| chars[at]);
        let next_is_lower = chars.get(index + 1).is_some_and(|it| it.is_lowercase());
        let begins = it.is_uppercase()
            && previous.is_some_and(|before| {
                before.is_lowercase() || before.is_numeric() || (before.is_uppercase() && next_is_lower)
            });
        if begins {
            all.push(std::mem::take(&mut word));
        }
        word.extend(it.to_lowercase());
    }
    all.push(word);
    all.retain(|it| !it.is_empty());
    all
}

/// Some word of the name, or two that stand together, is of the class.
pub fn mentions(class: &str, name: &str) -> bool {
    let words = words(name);
    words.iter().enumerate().any(|(at, word)| of_class(class, &words, at) || is(class, word))
}

/// The name is one of the class: its last word is, but for words that keep the meaning.
pub fn ends_in(class: &str, name: &str) -> bool {
    let words = words(name);
    let Some(last) = words.iter().rposition(|it| !is("keeps", it) && !is("form", it)) else { return false };
    !is("not-first", &words[0]) && of_class(class, &words, last)
}

/// A number behind a word changes nothing: `secret1`, `password2`.
fn of_class(class: &str, words: &[String], at: usize) -> bool {
    let word = words[at].trim_end_matches(|it: char| it.is_ascii_digit());
    is(class, &words[at]) || is(class, word) || (at > 0 && is(class, &format!("{}+{}", words[at - 1], word)))
}

/// The credential that a value of this name is, if it is one.
pub fn credential(name: &str) -> Option<Credential> {
    let words = words(name.trim_end_matches("()"));
    if words.is_empty() || is("not-first", &words[0]) || words.iter().any(|it| is("unreadable", it)) {
        return None;
    }
    let (at, kind) = (0..words.len()).rev().find_map(|at| credential_word(&words, at).map(|kind| (at, kind)))?;
    let rest_keeps = words[at + 1..].iter().all(|it| is("keeps", it) || it.chars().all(|c| c.is_ascii_digit()));
    rest_keeps.then_some(kind)
}

fn credential_word(words: &[String], at: usize) -> Option<Credential> {
    let before = at.checked_sub(1).map(|it| words[it].as_str());
    if of_class("password", words, at) {
        return Some(Credential::Password);
    }
    if is("password-last", &words[at]) && before.is_none_or(|it| is("pass-owner", it)) {
        return Some(Credential::Password);
    }
    if of_class("key", words, at) {
        return Some(if words.iter().any(|it| it == "secret") { Credential::Secret } else { Credential::Key });
    }
    if of_class("secret", words, at) {
        return Some(Credential::Secret);
    }
    if is("token", &words[at]) && !before.is_some_and(|it| is("token-not", it)) {
        return Some(Credential::Token);
    }
    None
}

/// What an algorithm must cost at least.
pub fn cost(algorithm: &str) -> Option<&'static Cost> {
    let algorithm = algorithm.to_lowercase();
    WORDS.costs.iter().find(|it| match it.algorithm.strip_suffix('*') {
        Some(start) => algorithm.starts_with(start),
        None => algorithm == it.algorithm,
    })
}

/// The credential that a call of this name gives: `getPassword()`, `generate_token()`.
pub fn given_credential(name: &str) -> Option<Credential> {
    let words = words(name.strip_suffix("()")?);
    let rest = words.split_first().filter(|(first, _)| is("giving", first))?.1;
    credential(&rest.join("_"))
}

/// A cookie that carries a login.
pub fn is_login_cookie(name: &str) -> bool {
    !mentions("cookie-readable", name) && (is("cookie", &name.to_lowercase()) || mentions("cookie", name))
}

/// How the tokens of all providers begin: one look for all of them, for every text of a project is asked about.
static PREFIXES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let all: Vec<String> = WORDS.providers.iter().map(|it| regex::escape(it.prefix)).collect();
    Regex::new(&all.join("|")).ok()
});

/// The provider whose token the text contains.
pub fn provider(text: &str) -> Option<&'static str> {
    if PREFIXES.as_ref().is_some_and(|it| !it.is_match(text)) {
        return None;
    }
    let found = WORDS.providers.iter().find(|it| {
        text.match_indices(it.prefix).any(|(at, _)| {
            let starts = text[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
            let rest: Vec<char> = text[at + it.prefix.len()..].chars().take_while(|c| fits(it.kind, *c)).collect();
            starts && rest.len() >= it.rest_min && is_mixed(&rest)
        })
    })?;
    Some(found.name)
}

fn fits(kind: &str, it: char) -> bool {
    match kind {
        "u" => it.is_ascii_uppercase() || it.is_ascii_digit(),
        "h" => it.is_ascii_hexdigit(),
        "b" => it.is_ascii_alphanumeric() || "._-+/=".contains(it),
        _ => it.is_ascii_alphanumeric() || it == '_' || it == '-',
    }
}

/// Not `XXXXXXXX`, not `aaaaaaaa`.
fn is_mixed(text: &[char]) -> bool {
    text.iter().collect::<BTreeSet<_>>().len() >= 6
}

/// Three parts of base64, the last one a signature.
pub fn is_signed_token(text: &str) -> bool {
    let parts: Vec<&str> = text.trim().split('.').collect();
    let [header, payload, signature] = parts[..] else { return false };
    let encoded = |it: &str| it.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    header.starts_with("eyJ")
        && payload.starts_with("eyJ")
        && signature.len() >= 20
        && encoded(header)
        && encoded(payload)
        && encoded(signature)
}

/// A private key in its usual wrapping, with something in it.
pub fn is_private_key(text: &str) -> bool {
    let Some(at) = text.find("-----BEGIN ") else { return false };
    let rest = &text[at + 11..];
    let Some((title, body)) = rest.split_once("-----") else { return false };
    let title_fits = title.ends_with("PRIVATE KEY") || title.ends_with("PRIVATE KEY BLOCK");
    let body = body.split("-----").next().unwrap_or_default().replace("\\n", "");
    title_fits
        && title.len() < 40
        && body.chars().filter(|it| it.is_ascii_alphanumeric()).count() >= 24
        && !is_placeholder(body.trim())
}

/// Text that stands for a value still to come, or that is no value at all.
pub fn is_placeholder(text: &str) -> bool {
    let text = text.trim().to_lowercase();
    let chars: BTreeSet<char> = text.chars().collect();
    chars.len() <= 1
        || (chars.len() == 2 && text.len() > 5)
        || is("placeholder", &text)
        || has_part("placeholder-part", &text)
        || (text.starts_with('<') && text.ends_with('>'))
        || (text.starts_with('[') && text.ends_with(']'))
        || ["${", "{{", "%(", "{}", "$(", "***", "...", "<%"].iter().any(|it| text.contains(it))
}

/// Whether a literal given to something of this name is likely a live credential.
pub fn looks_secret(kind: Credential, name: &str, text: &str) -> bool {
    let trimmed = text.trim();
    if trimmed.len() < 3 || is_placeholder(trimmed) || is_reference(trimmed) || speaks_of_itself(name, trimmed) {
        return false;
    }
    if trimmed.len() >= 10 && trimmed.chars().all(|it| it.is_ascii_digit()) {
        return kind != Credential::Token;
    }
    let has_digit = trimmed.chars().any(|it| it.is_ascii_digit());
    let has_letter = trimmed.chars().any(char::is_alphabetic);
    if trimmed.chars().any(char::is_whitespace) {
        return kind == Credential::Secret && trimmed.len() < 60 && !words(trimmed).iter().any(|it| is("label", it));
    }
    if is_identifier(trimmed) && !has_digit {
        return false;
    }
    match kind {
        Credential::Password => true,
        Credential::Secret => trimmed.len() >= 5,
        Credential::Key | Credential::Token => {
            let random = trimmed.len() >= 16 && entropy(trimmed) >= 3.5 && (has_digit || mixes_case(trimmed));
            random || (trimmed.len() >= 8 && has_digit && has_letter)
        }
    }
}

/// Something that leads elsewhere: an address, a path, a variable, a key of translations.
fn is_reference(text: &str) -> bool {
    let is_screaming = text.contains('_')
        && text.chars().all(|it| it.is_ascii_uppercase() || it == '_' || it.is_ascii_digit())
        && !text.chars().any(|it| it.is_ascii_digit());
    let is_dotted =
        text.contains('.') && text.chars().all(|it| it.is_ascii_lowercase() || it == '.' || it == '_' || it == '-');
    let lower = text.to_lowercase();
    is_screaming
        || is_dotted
        || ["http://", "https://", "/", "./", "../", "--", "^", "sk_test_", "pk_test_", "pk_live_", "rk_test_"]
            .iter()
            .any(|it| lower.starts_with(it))
        || [":", "?", ".pem", ".key", ".json", ".txt", ".crt"].iter().any(|it| text.ends_with(it))
        || (text.ends_with('=') && text.contains(['?', '&']))
        || is_uuid(text)
}

fn is_uuid(text: &str) -> bool {
    let parts: Vec<usize> = text.split('-').map(str::len).collect();
    parts == [8, 4, 4, 4, 12] && text.chars().all(|it| it.is_ascii_hexdigit() || it == '-')
}

/// The text says again what the name says: `PASSWORD = "password"`, `tokenType: "token_type"`.
fn speaks_of_itself(name: &str, text: &str) -> bool {
    let own = words(name);
    let said = words(text);
    !said.is_empty() && said.iter().all(|it| own.contains(it) || is("label", it))
}

/// `accessToken`, `user_name`: a name of something in the program.
fn is_identifier(text: &str) -> bool {
    let plain = text.chars().all(|it| it.is_ascii_alphanumeric() || it == '_' || it == '-');
    let said = words(text);
    plain
        && said.len() > 1
        && mixes_case(text)
        && text.chars().next().is_some_and(char::is_lowercase)
        && said.iter().all(|it| it.len() >= 2)
        || plain && said.len() > 1 && credential(text).is_some() && is_field_like(text)
}

fn is_field_like(text: &str) -> bool {
    text.chars().all(|it| it.is_ascii_lowercase() || it == '_') && words(text).len() == 2 && text.len() < 16
}

fn mixes_case(text: &str) -> bool {
    text.chars().any(char::is_lowercase) && text.chars().any(char::is_uppercase)
}

/// Bits per character.
pub fn entropy(text: &str) -> f64 {
    let mut counts: BTreeMap<char, u32> = BTreeMap::new();
    for it in text.chars() {
        *counts.entry(it).or_default() += 1;
    }
    let all: u32 = counts.values().sum();
    counts.values().map(|count| f64::from(*count) / f64::from(all.max(1))).map(|share| -share * share.log2()).sum()
}

/// `JWT_SECRET`: the name of an environment variable.
pub fn is_screaming(name: &str) -> bool {
    name.len() > 1 && name.chars().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit() || it == '_')
}

/// The last name of an expression as written: `body` of `req.body`, `get_json` of `request.get_json()`.
pub fn last_name(text: &str) -> &str {
    let text = text.trim().trim_end_matches(['!', ';']).trim_end_matches("()").trim_end_matches([']', '"', '\'', '`']);
    let is_part = |it: char| it.is_alphanumeric() || it == '_' || it == '$' || it == '-';
    text.rsplit(|it| !is_part(it)).next().unwrap_or_default()
}

/// What follows a prefix of the class.
pub fn after_prefix<'a>(class: &str, name: &'a str) -> Option<&'a str> {
    WORDS.classes.get(class)?.iter().find_map(|it| name.strip_prefix(it))
}

pub fn is_personal(name: &str) -> bool {
    let words = words(name);
    let Some(last) = words.len().checked_sub(1) else { return false };
    !is("not-first", &words[0]) && of_class("personal", &words, last)
}

/// `scheme://user:password@host`, with a password that is worth something.
pub fn has_url_credentials(text: &str) -> bool {
    let Some((scheme, rest)) = text.trim().split_once("://") else { return false };
    let is_scheme = !scheme.is_empty()
        && scheme.len() < 24
        && scheme.chars().all(|it| it.is_ascii_alphanumeric() || "+.-".contains(it));
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let Some((login, host)) = authority.rsplit_once('@') else { return false };
    let Some((user, password)) = login.split_once(':') else { return false };
    if !is_scheme || host.is_empty() || password.len() < 2 || text.contains(char::is_whitespace) {
        return false;
    }
    let name = host.split(':').next().unwrap_or_default();
    let is_local =
        ["localhost", "127.0.0.1", "0.0.0.0", "[", "::1", "host.docker.internal"].iter().any(|it| name.starts_with(it))
            || !name.contains('.');
    let is_trivial = password == user || is("url-trivial", &password.to_lowercase());
    let is_example =
        name.ends_with("example.com") || name.ends_with("example.org") || name == "host" || name == "hostname";
    let is_filled_in = password.contains(['$', '{', '<', '%']);
    let is_harmless = is_trivial && (is_local || user == "user");
    !(is_example || is_placeholder(password) || is_filled_in || is_harmless)
}

/// An address of a database with a user and an empty password: `mysql://root:@db.internal/app`.
pub fn has_empty_password(text: &str) -> bool {
    let Some((scheme, rest)) = text.trim().split_once("://") else { return false };
    let engine = scheme.split('+').next().unwrap_or_default();
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let Some((login, host)) = authority.rsplit_once('@') else { return false };
    let is_local = ["localhost", "127.0.0.1", "::1"].iter().any(|it| host.starts_with(it));
    is("database-scheme", engine) && login.len() > 1 && login.ends_with(':') && host.contains('.') && !is_local
}

/// `Basic dXNlcjpwYXNz`, `Bearer abc…`: a header with its credential.
pub fn is_authorization(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(' ') else { return false };
    let is_scheme = ["basic", "bearer", "token", "apikey"].contains(&scheme.to_lowercase().as_str());
    is_scheme && rest.len() >= 8 && !rest.contains(' ') && !is_placeholder(rest) && words(rest).len() < rest.len()
}

/// Whether the text contains the word as a whole.
pub fn has_word(text: &str, word: &str) -> bool {
    let is_part = |it: char| it.is_alphanumeric() || it == '_';
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back().is_none_or(|it| !is_part(it));
        let after = text[at + word.len()..].chars().next().is_none_or(|it| !is_part(it));
        before && after
    })
}
