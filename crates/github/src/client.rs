//! The requests: nothing is sent twice by itself, writes stand a second apart, and a limit is waited for once.

use std::sync::Mutex;
use std::time::Duration;

use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::{BodyExt, Limited};
use octocrab::Octocrab;
use serde_json::Value;
use tokio::time::Instant;

use crate::event::Addresses;

/// Entries that one page holds.
const PAGE: usize = 100;
/// Pages of one list.
const PAGES_MAX: usize = 40;
/// Bytes of one answer.
const ANSWER_MAX: usize = 32 << 20;
/// A limit that lasts longer is not waited for.
const WAIT_MAX: u64 = 120;

/// Why a request had no answer that helps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The token may not, or the conversation is locked.
    Forbidden(String),
    Missing,
    /// GitHub understood and refused.
    Invalid(String),
    Limited,
    /// Whether it was done nobody knows.
    Unsure(String),
    Other(String),
}

impl Failure {
    pub fn reason(&self) -> String {
        match self {
            Failure::Forbidden(said) => format!("GitHub does not allow it ({said})"),
            Failure::Missing => "GitHub does not find it".to_string(),
            Failure::Invalid(said) => format!("GitHub refuses it ({said})"),
            Failure::Limited => "GitHub's rate limit is reached".to_string(),
            Failure::Unsure(said) => format!("GitHub gave no answer ({said})"),
            Failure::Other(said) => said.clone(),
        }
    }
}

pub type Answer<T> = Result<T, Failure>;

/// Talks to one GitHub.
pub struct Client {
    api: Octocrab,
    graphql: Octocrab,
    /// Where GraphQL is below its host.
    graphql_path: String,
    /// How long a second is; tests have shorter ones.
    second: Duration,
    last_write: Mutex<Option<Instant>>,
    /// A dry run writes down what it would write.
    told: Option<Mutex<Vec<String>>>,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Client")
    }
}

impl Client {
    pub fn new(addresses: &Addresses, token: Option<&str>, second: Duration, dry_run: bool) -> Result<Client, String> {
        let (host, path) = split(&addresses.graphql);
        Ok(Client {
            api: octocrab(&addresses.api, token, second)?,
            graphql: octocrab(host, token, second)?,
            graphql_path: path.to_string(),
            second,
            last_write: Mutex::new(None),
            told: dry_run.then(|| Mutex::new(Vec::new())),
        })
    }

    /// What a dry run would have written, in its order.
    pub fn told(&self) -> Vec<String> {
        let told = self.told.as_ref().map(|it| it.lock().expect("nothing panics while it is held").clone());
        told.unwrap_or_default()
    }

    pub async fn get(&self, path: &str) -> Answer<Value> {
        Ok(self.read(&self.api, Method::GET, path, None).await?.0)
    }

    /// All pages; the flag says that there were more than are ever read.
    pub async fn list(&self, path: &str) -> Answer<(Vec<Value>, bool)> {
        let mut all = Vec::new();
        let joint = if path.contains('?') { '&' } else { '?' };
        for page in 1..=PAGES_MAX {
            let path = format!("{path}{joint}per_page={PAGE}&page={page}");
            let (value, headers) = self.read(&self.api, Method::GET, &path, None).await?;
            match value {
                Value::Array(entries) => all.extend(entries),
                _ => return Err(Failure::Other("GitHub's answer is no list".to_string())),
            }
            if !has_next(&headers) {
                return Ok((all, false));
            }
        }
        Ok((all, true))
    }

    pub async fn query(&self, query: &str, variables: Value) -> Answer<Value> {
        let body = serde_json::json!({ "query": query, "variables": variables });
        let (value, _) = self.read(&self.graphql, Method::POST, &self.graphql_path, Some(&body)).await?;
        match value.get("data") {
            Some(data) if !data.is_null() => Ok(data.clone()),
            _ => Err(Failure::Other("GitHub does not answer the query".to_string())),
        }
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer<Value> {
        self.write(Method::POST, path, Some(body)).await
    }

    pub async fn patch(&self, path: &str, body: &Value) -> Answer<Value> {
        self.write(Method::PATCH, path, Some(body)).await
    }

    pub async fn delete(&self, path: &str) -> Answer<Value> {
        self.write(Method::DELETE, path, None).await
    }

    /// Reading again does no harm.
    async fn read(
        &self,
        gh: &Octocrab,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Answer<(Value, HeaderMap)> {
        let first = self.patient(gh, &method, path, body).await;
        match first {
            Err(Failure::Unsure(_)) => {
                tokio::time::sleep(self.second).await;
                self.patient(gh, &method, path, body).await
            }
            other => other,
        }
    }

    async fn write(&self, method: Method, path: &str, body: Option<&Value>) -> Answer<Value> {
        if let Some(told) = &self.told {
            let body = body.map(|it| format!("\n{it:#}")).unwrap_or_default();
            told.lock().expect("nothing panics while it is held").push(format!("{method} {path}{body}"));
            return Ok(Value::Null);
        }
        let last = *self.last_write.lock().expect("nothing panics while it is held");
        if let Some(last) = last {
            tokio::time::sleep_until(last + self.second).await;
        }
        let answer = self.patient(&self.api, &method, path, body).await;
        *self.last_write.lock().expect("nothing panics while it is held") = Some(Instant::now());
        Ok(answer?.0)
    }

    /// A limit is waited for once, for what it held back was not done.
    async fn patient(
        &self,
        gh: &Octocrab,
        method: &Method,
        path: &str,
        body: Option<&Value>,
    ) -> Answer<(Value, HeaderMap)> {
        match once(gh, method, path, body).await {
            Err((Failure::Limited, Some(wait))) if wait <= WAIT_MAX => {
                tokio::time::sleep(self.second * wait.max(1) as u32).await;
                once(gh, method, path, body).await.map_err(|it| it.0)
            }
            other => other.map_err(|it| it.0),
        }
    }
}

fn octocrab(base: &str, token: Option<&str>, second: Duration) -> Result<Octocrab, String> {
    let mut builder = Octocrab::builder()
        .base_uri(base)
        .map_err(|_| format!("`{base}` is no address"))?
        .set_connect_timeout(Some(second * 10))
        .set_read_timeout(Some(second * 60))
        .set_write_timeout(Some(second * 60));
    if let Some(token) = token {
        builder = builder.personal_token(token.to_string());
    }
    builder.build().map_err(|_| "no connection can be made: the system's certificates cannot be read".to_string())
}

/// Host, and the path below it.
fn split(address: &str) -> (&str, &str) {
    let host = address.find("://").map_or(0, |it| it + 3);
    match address[host..].find('/') {
        Some(at) => address.split_at(host + at),
        None => (address, "/"),
    }
}

/// The failure, and how many seconds GitHub wants to be left alone.
type Failed = (Failure, Option<u64>);

async fn once(gh: &Octocrab, method: &Method, path: &str, body: Option<&Value>) -> Result<(Value, HeaderMap), Failed> {
    let unsure = |what: &str| (Failure::Unsure(what.to_string()), None);
    let request = Request::builder().method(method.clone()).uri(path);
    let request = request.header("accept", "application/vnd.github+json").header("x-github-api-version", "2022-11-28");
    let request =
        gh.build_request(request, body).map_err(|_| (Failure::Other("a request cannot be made".to_string()), None))?;
    // What octocrab says of a failed connection is of no use to readers.
    let answer = gh.execute(request).await.map_err(|_| unsure("the connection failed"))?;
    let (status, headers) = (answer.status(), answer.headers().clone());
    let bytes = match Limited::new(answer.into_body(), ANSWER_MAX).collect().await {
        Ok(it) => it.to_bytes(),
        Err(_) => return Err(unsure("the answer broke off")),
    };
    let value: Value = match bytes.as_ref() {
        [] => Value::Null,
        bytes => serde_json::from_slice(bytes).unwrap_or(Value::Null),
    };
    if status.is_success() {
        return Ok((value, headers));
    }
    Err(failure(status, &headers, &value))
}

fn failure(status: StatusCode, headers: &HeaderMap, value: &Value) -> Failed {
    let number = |name: &str| headers.get(name)?.to_str().ok()?.trim().parse::<u64>().ok();
    let said = said(value);
    let has_no_more = number("x-ratelimit-remaining") == Some(0);
    let is_abuse =
        value["errors"].to_string().contains("abuse") || said.to_lowercase().contains("secondary rate limit");
    let wait = number("retry-after");
    match status.as_u16() {
        429 => (Failure::Limited, wait.or(Some(WAIT_MAX / 2))),
        403 if wait.is_some() || has_no_more || is_abuse => (Failure::Limited, wait),
        422 if is_abuse => (Failure::Limited, wait.or(Some(WAIT_MAX / 2))),
        401 | 403 => (Failure::Forbidden(said), None),
        404 | 410 => (Failure::Missing, None),
        422 => (Failure::Invalid(said), None),
        500.. => (Failure::Unsure(format!("status {}", status.as_u16())), None),
        code => (Failure::Other(format!("GitHub answered with status {code}")), None),
    }
}

/// What GitHub says, short.
fn said(value: &Value) -> String {
    let message = value["message"].as_str().unwrap_or("without a reason");
    let first = match &value["errors"][0] {
        Value::String(it) => Some(it.as_str()),
        it => it["message"].as_str(),
    };
    let text = match first {
        Some(first) => format!("{message}: {first}"),
        None => message.to_string(),
    };
    crate::markup::harmless(&text).chars().take(200).collect()
}

fn has_next(headers: &HeaderMap) -> bool {
    headers.get("link").and_then(|it| it.to_str().ok()).is_some_and(|it| it.contains("rel=\"next\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn told(status: u16, header: Option<(&'static str, &'static str)>, body: &Value) -> Failed {
        let mut headers = HeaderMap::new();
        if let Some((name, value)) = header {
            headers.insert(name, value.parse().unwrap());
        }
        failure(StatusCode::from_u16(status).unwrap(), &headers, body)
    }

    #[test]
    fn limits_are_told_from_refusals() {
        assert_eq!(told(403, Some(("retry-after", "7")), &json!({})), (Failure::Limited, Some(7)));
        assert_eq!(told(403, Some(("x-ratelimit-remaining", "0")), &json!({})), (Failure::Limited, None));
        let locked = told(403, Some(("x-ratelimit-remaining", "9")), &json!({"message": "locked"}));
        assert_eq!(locked, (Failure::Forbidden("locked".into()), None));
        let abuse = json!({"message": "Validation Failed", "errors": [{"code": "abuse"}]});
        assert_eq!(told(422, None, &abuse).0, Failure::Limited);
        let line = json!({"message": "Unprocessable Entity", "errors": ["line must be part of the diff"]});
        let expected = Failure::Invalid("Unprocessable Entity: line must be part of the diff".into());
        assert_eq!(told(422, None, &line), (expected, None));
        assert_eq!(told(502, None, &Value::Null).0, Failure::Unsure("status 502".into()));
    }

    #[test]
    fn addresses_are_split() {
        assert_eq!(split("https://ghe.local/api/graphql"), ("https://ghe.local", "/api/graphql"));
        assert_eq!(split("http://127.0.0.1:9"), ("http://127.0.0.1:9", "/"));
    }
}
