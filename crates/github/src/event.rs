//! What started the run, as GitHub tells it: variables and the event's payload. Nothing is read here; it is given.

use serde_json::Value;

use crate::marker::Namespace;

/// Looks up a variable of the environment; an empty one is none.
pub type Variables<'a> = &'a dyn Fn(&str) -> Option<String>;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repository {
    pub owner: String,
    pub name: String,
}

impl Repository {
    /// `owner/name`
    pub fn parse(text: &str) -> Option<Repository> {
        let (owner, name) = text.split_once('/')?;
        let fits = |it: &str| {
            let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
            !it.is_empty() && it.bytes().all(is_name) && it != "." && it != ".."
        };
        (fits(owner) && fits(name)).then(|| Repository { owner: owner.to_string(), name: name.to_string() })
    }

    pub fn full_name(&self) -> String {
        format!("{}/{}", self.owner, self.name)
    }
}

/// Where GitHub is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addresses {
    pub api: String,
    pub graphql: String,
    pub server: String,
}

impl Addresses {
    pub fn of(variables: Variables<'_>) -> Addresses {
        let clean = |name: &str| variables(name).map(|it| it.trim_end_matches('/').to_string());
        let api = clean("GITHUB_API_URL").unwrap_or_else(|| "https://api.github.com".to_string());
        let graphql = clean("GITHUB_GRAPHQL_URL").unwrap_or_else(|| match api.strip_suffix("/v3") {
            Some(base) => format!("{base}/graphql"),
            None => format!("{api}/graphql"),
        });
        let server = clean("GITHUB_SERVER_URL").unwrap_or_else(|| "https://github.com".to_string());
        Addresses { api, graphql, server }
    }
}

/// What the run is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    Pull(Box<Pull>),
    /// A run after another one, whose report is posted: the pull request is looked up by its head.
    After(Head),
    /// A push, a schedule: there is nowhere to comment.
    Other(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    pub sha: String,
    /// `owner:branch`
    pub label: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pull {
    pub number: u64,
    pub head: String,
    pub base: String,
    pub is_open: bool,
    /// Why nothing can be written, where that is known beforehand.
    pub read_only: Option<ReadOnly>,
    /// Nobody but the workflow, or the person, chose what is checked out.
    pub must_be_checked_out: bool,
    pub title: String,
    pub body: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadOnly {
    Fork,
    Dependabot,
}

impl ReadOnly {
    pub fn reason(self) -> &'static str {
        match self {
            ReadOnly::Fork => "the pull request comes from a fork, whose runs may not write",
            ReadOnly::Dependabot => "runs started by Dependabot may not write",
        }
    }
}

impl Event {
    /// A payload that says nothing of a pull request is no error: the event is another one.
    pub fn read(name: &str, payload: &Value, actor: &str) -> Event {
        match name {
            "pull_request" | "pull_request_target" => {
                let is_target = name == "pull_request_target";
                match Pull::of_payload(&payload["pull_request"]) {
                    Some(mut pull) => {
                        pull.must_be_checked_out = is_target;
                        pull.read_only = if is_target { None } else { read_only(payload, actor) };
                        Event::Pull(Box::new(pull))
                    }
                    None => Event::Other(name.to_string()),
                }
            }
            "workflow_run" => {
                let run = &payload["workflow_run"];
                let owner = run["head_repository"]["owner"]["login"].as_str();
                match (run["head_sha"].as_str().filter(|it| is_sha(it)), owner, run["head_branch"].as_str()) {
                    (Some(sha), Some(owner), Some(branch)) => {
                        Event::After(Head { sha: sha.to_string(), label: format!("{owner}:{branch}") })
                    }
                    _ => Event::Other(name.to_string()),
                }
            }
            other => Event::Other(other.to_string()),
        }
    }
}

impl Pull {
    /// From an event, or from the answer of the API.
    pub fn of_payload(it: &Value) -> Option<Pull> {
        let sha = |side: &str| it[side]["sha"].as_str().filter(|it| is_sha(it)).map(str::to_string);
        let text = |key: &str| it[key].as_str().unwrap_or_default().to_string();
        Some(Pull {
            number: it["number"].as_u64()?,
            head: sha("head")?,
            base: sha("base")?,
            is_open: it["state"].as_str().is_none_or(|it| it == "open"),
            read_only: None,
            must_be_checked_out: true,
            title: text("title"),
            body: text("body"),
        })
    }
}

fn read_only(payload: &Value, actor: &str) -> Option<ReadOnly> {
    let pull = &payload["pull_request"];
    let name = |side: &str| pull[side]["repo"]["full_name"].as_str().map(str::to_lowercase);
    let is_bot = |login: Option<&str>| login == Some("dependabot[bot]");
    if name("head").is_none() || name("head") != name("base") {
        return Some(ReadOnly::Fork);
    }
    if is_bot(Some(actor)) || is_bot(payload["sender"]["login"].as_str()) {
        return Some(ReadOnly::Dependabot);
    }
    None
}

fn is_sha(text: &str) -> bool {
    (40..=64).contains(&text.len()) && crate::marker::is_hex(text)
}

/// The namespace of the markers: as asked for, else workflow and job.
pub fn namespace(asked: Option<&str>, variables: Variables<'_>) -> Namespace {
    match asked.filter(|it| !it.is_empty()) {
        Some(it) => Namespace::new(it),
        None => {
            let part = |name: &str| variables(name).unwrap_or_default();
            Namespace::new(&format!("{}/{}", part("GITHUB_WORKFLOW"), part("GITHUB_JOB")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn payload(head: &str) -> Value {
        let side = |repo: &str, digit: &str| json!({"sha": digit.repeat(40), "repo": {"full_name": repo}});
        json!({"pull_request": {"number": 7, "state": "open", "title": "t", "body": null,
            "head": side(head, "a"), "base": side("O/r", "b")}})
    }

    fn pull(name: &str, payload: &Value, actor: &str) -> Pull {
        match Event::read(name, payload, actor) {
            Event::Pull(it) => *it,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn who_may_not_write_is_known_beforehand() {
        assert_eq!(pull("pull_request", &payload("o/R"), "me").read_only, None);
        assert_eq!(pull("pull_request", &payload("x/r"), "me").read_only, Some(ReadOnly::Fork));
        assert_eq!(pull("pull_request_target", &payload("x/r"), "me").read_only, None);
        assert_eq!(pull("pull_request", &payload("o/r"), "dependabot[bot]").read_only, Some(ReadOnly::Dependabot));
        let mut deleted = payload("o/r");
        deleted["pull_request"]["head"]["repo"] = Value::Null;
        assert_eq!(pull("pull_request", &deleted, "me").read_only, Some(ReadOnly::Fork));
    }

    #[test]
    fn other_events_have_nowhere_to_comment() {
        assert_eq!(Event::read("push", &json!({}), ""), Event::Other("push".into()));
        assert_eq!(Event::read("pull_request", &json!({}), ""), Event::Other("pull_request".into()));
        let mut odd = payload("o/r");
        odd["pull_request"]["head"]["sha"] = json!("../../x");
        assert_eq!(Event::read("pull_request", &odd, ""), Event::Other("pull_request".into()));
    }

    #[test]
    fn addresses_of_an_enterprise_server() {
        let of = |api: &'static str| Addresses::of(&move |name| (name == "GITHUB_API_URL").then(|| api.to_string()));
        assert_eq!(of("https://ghe.local/api/v3/").graphql, "https://ghe.local/api/graphql");
        assert_eq!(of("http://127.0.0.1:9").graphql, "http://127.0.0.1:9/graphql");
        assert_eq!(Repository::parse("o/r").map(|it| it.full_name()).as_deref(), Some("o/r"));
        assert_eq!(Repository::parse("o/../r"), None);
    }
}
