//! What GitHub has of the pull request: its head, its files, and our own comments on it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::client::{Answer, Client, Failure};
use crate::diff::{Diff, FileDiff};
use crate::event::{Pull, Repository};
use crate::marker::{Marker, Memory, Namespace};
use crate::plan::Existing;

/// Who writes with the token that GitHub gives to a run.
const USUAL_LOGIN: &str = "github-actions[bot]";
/// Pages of threads that are asked for.
const THREAD_PAGES: usize = 20;

const QUERY: &str = "query($owner:String!,$name:String!,$number:Int!,$after:String){viewer{login}\
repository(owner:$owner,name:$name){pullRequest(number:$number){reviewThreads(first:100,after:$after){\
pageInfo{hasNextPage endCursor}nodes{isResolved comments(first:1){nodes{databaseId}}}}}}}";

/// Paths of the API that concern one pull request.
#[derive(Clone, Debug)]
pub struct Paths {
    repository: Repository,
    number: u64,
}

impl Paths {
    pub fn new(repository: &Repository, number: u64) -> Paths {
        Paths { repository: repository.clone(), number }
    }

    fn base(&self) -> String {
        format!("/repos/{}", self.repository.full_name())
    }

    pub fn pull(&self) -> String {
        format!("{}/pulls/{}", self.base(), self.number)
    }

    pub fn files(&self) -> String {
        format!("{}/files", self.pull())
    }

    pub fn reviews(&self) -> String {
        format!("{}/reviews", self.pull())
    }

    pub fn inline(&self) -> String {
        format!("{}/comments", self.pull())
    }

    pub fn inline_one(&self, id: u64) -> String {
        format!("{}/pulls/comments/{id}", self.base())
    }

    pub fn issue_comments(&self) -> String {
        format!("{}/issues/{}/comments", self.base(), self.number)
    }

    pub fn issue_comment(&self, id: u64) -> String {
        format!("{}/issues/comments/{id}", self.base())
    }

    pub fn issue(&self, number: u64) -> String {
        format!("{}/issues/{number}", self.base())
    }
}

/// Our summary, as it stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sticky {
    pub id: u64,
    pub body: String,
    /// The commit it speaks of.
    pub head: String,
    pub memory: Memory,
}

#[derive(Clone, Debug)]
pub struct State {
    pub me: Me,
    /// The oldest one, which stays.
    pub summary: Option<Sticky>,
    /// Summaries that another run wrote at the same time.
    pub surplus: Vec<u64>,
    pub existing: Vec<Existing>,
    pub diff: Diff,
    /// There were more files than GitHub tells.
    pub is_cut: bool,
}

/// Whose comments are ours.
#[derive(Clone, Debug)]
pub struct Me {
    login: String,
    resolved: BTreeSet<u64>,
}

impl Me {
    fn wrote(&self, comment: &Value) -> bool {
        let login = comment["user"]["login"].as_str().unwrap_or_default();
        // GraphQL may leave the ending out, which no person's name can have.
        login == self.login || login.strip_suffix("[bot]") == Some(&self.login)
    }
}

pub async fn read_pull(client: &Client, paths: &Paths) -> Answer<Pull> {
    let value = client.get(&paths.pull()).await?;
    Pull::of_payload(&value).ok_or_else(|| Failure::Other("GitHub's answer is no pull request".to_string()))
}

/// Reads all pages of everything before anything is written.
pub async fn read(client: &Client, paths: &Paths, namespace: &Namespace, local: Option<Diff>) -> Answer<State> {
    let me = who(client, paths).await;
    let (comments, _) = client.list(&paths.issue_comments()).await?;
    let mut summaries = summaries(&comments, &me, namespace);
    let surplus = if summaries.is_empty() { Vec::new() } else { summaries.split_off(1) };
    let existing = inline(client, paths, &me, namespace).await?;
    let (diff, is_cut) = match local {
        Some(diff) => (diff, false),
        None => files(client, paths).await?,
    };
    let surplus = surplus.iter().map(|it| it.id).collect();
    Ok(State { me, summary: summaries.pop(), surplus, existing, diff, is_cut })
}

/// Our summaries, the oldest first.
pub fn summaries(comments: &[Value], me: &Me, namespace: &Namespace) -> Vec<Sticky> {
    let mut summaries: Vec<Sticky> = comments
        .iter()
        .filter(|it| me.wrote(it))
        .filter_map(|it| {
            let body = it["body"].as_str()?;
            match namespace.read(body)? {
                Marker::Summary { head, memory } => {
                    Some(Sticky { id: it["id"].as_u64()?, body: body.to_string(), head, memory })
                }
                Marker::Finding { .. } => None,
            }
        })
        .collect();
    summaries.sort_by_key(|it| it.id);
    summaries
}

/// Our inline comments, the oldest first.
pub async fn inline(client: &Client, paths: &Paths, me: &Me, namespace: &Namespace) -> Answer<Vec<Existing>> {
    let (comments, _) = client.list(&paths.inline()).await?;
    let answered: BTreeSet<u64> = comments.iter().filter_map(|it| it["in_reply_to_id"].as_u64()).collect();
    let own = comments.iter().filter(|it| me.wrote(it) && it["in_reply_to_id"].is_null());
    let mut existing: Vec<Existing> = own
        .filter_map(|it| {
            let (id, body) = (it["id"].as_u64()?, it["body"].as_str()?);
            let Marker::Finding { fingerprint, is_fixed } = namespace.read(body)? else { return None };
            Some(Existing {
                id,
                fingerprint,
                is_fixed,
                body: body.to_string(),
                is_outdated: it["line"].is_null() && it["subject_type"] != "file",
                has_replies: answered.contains(&id),
                is_resolved: me.resolved.contains(&id),
            })
        })
        .collect();
    existing.sort_by_key(|it| it.id);
    Ok(existing)
}

async fn files(client: &Client, paths: &Paths) -> Answer<(Diff, bool)> {
    let (files, is_cut) = client.list(&paths.files()).await?;
    let mut diff = Diff::default();
    for file in &files {
        let Some(name) = file["filename"].as_str() else { continue };
        let patch = file["patch"].as_str().unwrap_or_default();
        diff.0.insert(name.to_string(), FileDiff::parse(patch));
    }
    Ok((diff, is_cut || files.len() >= 3_000))
}

/// One query tells who we are and which threads are resolved. Where it is refused, the usual name is taken.
async fn who(client: &Client, paths: &Paths) -> Me {
    let mut me = Me { login: USUAL_LOGIN.to_string(), resolved: BTreeSet::new() };
    let mut after = Value::Null;
    for _ in 0..THREAD_PAGES {
        let Repository { owner, name } = &paths.repository;
        let variables = json!({ "owner": owner, "name": name, "number": paths.number, "after": after });
        let Ok(data) = client.query(QUERY, variables).await else { break };
        if let Some(login) = data["viewer"]["login"].as_str() {
            me.login = login.to_string();
        }
        let threads = &data["repository"]["pullRequest"]["reviewThreads"];
        for thread in threads["nodes"].as_array().into_iter().flatten().filter(|it| it["isResolved"] == true) {
            me.resolved.extend(thread["comments"]["nodes"][0]["databaseId"].as_u64());
        }
        if threads["pageInfo"]["hasNextPage"] != true {
            break;
        }
        after = threads["pageInfo"]["endCursor"].clone();
    }
    me
}
