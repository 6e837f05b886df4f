//! What the environment says of this run.

use std::io::Read;
use std::path::PathBuf;
use std::time::Duration;

use backend_specialist_github::event::{Addresses, Event, Repository, namespace};
use backend_specialist_github::marker::Namespace;
use serde_json::Value;

use super::ReviewArgs;
use crate::fault::Fault;

/// Bytes of an event's payload.
const PAYLOAD_MAX: u64 = 16 << 20;

#[derive(Debug)]
pub struct Started {
    pub addresses: Addresses,
    pub repository: Option<Repository>,
    pub event: Event,
    pub namespace: Namespace,
    pub token: Option<String>,
    /// The commit that the workflow runs on.
    pub sha: String,
    pub is_action: bool,
    pub step_summary: Option<PathBuf>,
    pub step_output: Option<PathBuf>,
    pub second: Duration,
}

impl Started {
    pub fn read(args: &ReviewArgs) -> Result<Started, Fault> {
        let variable = |name: &str| std::env::var(name).ok().filter(|it| !it.is_empty());
        let repository = match &args.repo {
            Some(text) => Some(Repository::parse(text).ok_or_else(|| {
                Fault::new(format!("`{text}` is no repository")).help("write it as `--repo OWNER/NAME`")
            })?),
            None => variable("GITHUB_REPOSITORY").or_else(origin).and_then(|it| Repository::parse(&it)),
        };
        let name = variable("GITHUB_EVENT_NAME").unwrap_or_default();
        let payload = payload(variable("GITHUB_EVENT_PATH"))?;
        let event = Event::read(&name, &payload, &variable("GITHUB_ACTOR").unwrap_or_default());
        Ok(Started {
            addresses: Addresses::of(&variable),
            repository,
            event,
            namespace: namespace(args.id.as_deref(), &variable),
            token: variable("GITHUB_TOKEN").or_else(|| variable("GH_TOKEN")),
            sha: variable("GITHUB_SHA").unwrap_or_default(),
            is_action: variable("GITHUB_ACTIONS").as_deref() == Some("true"),
            step_summary: variable("GITHUB_STEP_SUMMARY").map(PathBuf::from),
            step_output: variable("GITHUB_OUTPUT").map(PathBuf::from),
            second: second(variable("BACKEND_SPECIALIST_TEST_SECOND_MS")),
        })
    }

    /// Links need a name; a run without one has nobody to follow them.
    pub fn repository_or_none(&self) -> Repository {
        self.repository.clone().unwrap_or(Repository { owner: "-".to_string(), name: "-".to_string() })
    }
}

/// `owner/name` of the remote that a clone came from.
fn origin() -> Option<String> {
    let git = crate::git::Git::new(&std::env::current_dir().ok()?).ok()?;
    let address = git.text(&["remote", "get-url", "origin"]).ok()?;
    let path = address.trim_end_matches('/').trim_end_matches(".git").replace(':', "/");
    let mut parts = path.rsplit('/');
    let (name, owner) = (parts.next()?, parts.next()?);
    Some(format!("{owner}/{name}"))
}

/// Tests have shorter seconds.
fn second(milliseconds: Option<String>) -> Duration {
    let milliseconds = milliseconds.and_then(|it| it.parse().ok()).unwrap_or(1000);
    Duration::from_millis(milliseconds)
}

fn payload(path: Option<String>) -> Result<Value, Fault> {
    let Some(path) = path else { return Ok(Value::Null) };
    let mut text = String::new();
    std::fs::File::open(&path)
        .and_then(|it| it.take(PAYLOAD_MAX).read_to_string(&mut text))
        .map_err(|it| Fault::new(format!("cannot read the event {path}: {it}")))?;
    serde_json::from_str(&text).map_err(|it| Fault::new(format!("the event {path} is no JSON: {it}")))
}
