//! Pull requests and issues by what is known of them.

use serde_json::Value;

use crate::client::{Client, Failure};
use crate::event::{Head, Pull};
use crate::review::Settings;
use crate::state::Paths;

/// What a number stands for.
#[derive(Clone, Debug)]
pub enum Numbered {
    Pull(Box<Pull>),
    Issue { title: String, body: String },
}

pub async fn numbered(settings: &Settings, number: u64) -> Result<Numbered, String> {
    let client = client(settings)?;
    let paths = Paths::new(&settings.repository, number);
    match client.get(&paths.pull()).await {
        Ok(value) => match Pull::of_payload(&value) {
            Some(pull) => Ok(Numbered::Pull(Box::new(pull))),
            None => Err("GitHub's answer is no pull request".to_string()),
        },
        Err(Failure::Missing) => {
            let issue = client.get(&paths.issue(number)).await.map_err(|it| it.reason())?;
            let text = |key: &str| issue[key].as_str().unwrap_or_default().to_string();
            Ok(Numbered::Issue { title: text("title"), body: text("body") })
        }
        Err(failure) => Err(failure.reason()),
    }
}

/// The open pull request with that head. A number that an artifact brings is never trusted.
pub async fn by_head(settings: &Settings, head: &Head) -> Result<Option<Pull>, String> {
    let client = client(settings)?;
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
    let label: String = head
        .label
        .bytes()
        .map(|byte| if fits(byte) { (byte as char).to_string() } else { format!("%{byte:02X}") })
        .collect();
    let path = format!("/repos/{}/pulls?state=open&head={label}", settings.repository.full_name());
    let (pulls, _) = client.list(&path).await.map_err(|it| it.reason())?;
    let is_it = |it: &&Value| it["head"]["sha"] == head.sha.as_str();
    Ok(pulls.iter().find(is_it).and_then(Pull::of_payload))
}

fn client(settings: &Settings) -> Result<Client, String> {
    Client::new(&settings.addresses, settings.token.as_deref(), settings.second, settings.dry_run)
}
