//! Carries out a plan: one write after the other, and nothing is written twice when nobody knows whether it was.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::client::{Answer, Client, Failure};
use crate::diff::Anchor;
use crate::marker::Namespace;
use crate::plan::{Candidate, Listed, New, Plan};
use crate::state::{Me, Paths, inline, summaries};

/// Where and as whom is written.
#[derive(Clone, Copy, Debug)]
pub struct Desk<'a> {
    pub client: &'a Client,
    pub paths: &'a Paths,
    pub namespace: &'a Namespace,
    pub me: &'a Me,
    pub head: &'a str,
}

/// What came of the new comments.
#[derive(Clone, Debug, Default)]
pub struct Posted {
    pub fingerprints: BTreeSet<String>,
    /// Why the others are not there.
    pub failure: Option<Failure>,
}

impl Desk<'_> {
    /// All new comments as one review. What does not come through is settled in the plan.
    pub async fn comments(&self, plan: &mut Plan, candidates: &[Candidate<'_>]) -> Posted {
        let mut posted = Posted::default();
        if plan.new.is_empty() {
            return posted;
        }
        let mut left: Vec<New> = plan.new.clone();
        for attempt in 0..2 {
            let Err(failure) = self.review(&left).await else {
                posted.fingerprints.extend(left.drain(..).map(|it| it.fingerprint));
                break;
            };
            match failure {
                Failure::Invalid(_) => {
                    self.one_by_one(&mut left, plan, candidates, &mut posted).await;
                    break;
                }
                Failure::Unsure(_) => {
                    let is_known = self.drop_posted(&mut left, &mut posted).await;
                    posted.failure = Some(failure);
                    if left.is_empty() {
                        posted.failure = None;
                        break;
                    }
                    // Without knowing what is there, a second attempt could double it.
                    if !is_known || attempt == 1 {
                        break;
                    }
                }
                failure => {
                    posted.failure = Some(failure);
                    break;
                }
            }
        }
        if left.is_empty() && matches!(posted.failure, Some(Failure::Unsure(_))) {
            posted.failure = None;
        }
        let why = posted.failure.as_ref().map(Failure::reason).unwrap_or_default();
        for it in &left {
            plan.settle(candidates, &it.fingerprint, Listed::Failed(why.clone()));
        }
        posted
    }

    async fn review(&self, new: &[New]) -> Answer<Value> {
        let comments: Vec<Value> = new.iter().map(|it| at(&it.anchor, &it.body)).collect();
        let body = json!({ "commit_id": self.head, "event": "COMMENT", "body": "", "comments": comments });
        self.client.post(&self.paths.reviews(), &body).await
    }

    /// GitHub does not say which comment it refuses.
    async fn one_by_one(
        &self,
        left: &mut Vec<New>,
        plan: &mut Plan,
        candidates: &[Candidate<'_>],
        posted: &mut Posted,
    ) {
        while !left.is_empty() {
            let it = left[0].clone();
            match self.single(&it).await {
                Ok(()) => {
                    posted.fingerprints.insert(it.fingerprint);
                }
                Err(Failure::Invalid(_)) => plan.settle(candidates, &it.fingerprint, Listed::Refused),
                Err(failure) => {
                    posted.failure = Some(failure);
                    return;
                }
            }
            left.remove(0);
        }
    }

    /// At its line, else at its file.
    async fn single(&self, it: &New) -> Answer<()> {
        let mut line = at(&it.anchor, &it.body);
        line["commit_id"] = self.head.into();
        match self.surely(&line, &it.fingerprint).await {
            Err(Failure::Invalid(_)) => {
                let file = json!({
                    "commit_id": self.head, "path": it.anchor.path, "subject_type": "file", "body": it.body,
                });
                self.surely(&file, &it.fingerprint).await
            }
            other => other,
        }
    }

    /// Posts one comment; asks whether it is there before it tries again.
    async fn surely(&self, body: &Value, fingerprint: &str) -> Answer<()> {
        let path = self.paths.inline();
        match self.client.post(&path, body).await {
            Ok(_) => Ok(()),
            Err(Failure::Unsure(_)) => {
                let there = inline(self.client, self.paths, self.me, self.namespace).await?;
                if there.iter().any(|it| it.fingerprint == fingerprint && !it.is_outdated) {
                    return Ok(());
                }
                self.client.post(&path, body).await.map(drop)
            }
            Err(failure) => Err(failure),
        }
    }

    /// Keeps what is not on the pull request; false if that cannot be known.
    async fn drop_posted(&self, left: &mut Vec<New>, posted: &mut Posted) -> bool {
        let Ok(there) = inline(self.client, self.paths, self.me, self.namespace).await else { return false };
        let is_there = |new: &New| {
            let is_it = |id: &u64| new.replaces.contains(id);
            there.iter().any(|it| it.fingerprint == new.fingerprint && !is_it(&it.id))
        };
        left.retain(|it| {
            let is_there = is_there(it);
            if is_there {
                posted.fingerprints.insert(it.fingerprint.clone());
            }
            !is_there
        });
        true
    }

    /// Writes the summary anew, or for the first time.
    pub async fn summary(&self, id: Option<u64>, body: &str) -> Answer<()> {
        let value = json!({ "body": body });
        let path = match id {
            Some(id) => self.paths.issue_comment(id),
            None => self.paths.issue_comments(),
        };
        let first = match id {
            Some(_) => self.client.patch(&path, &value).await,
            None => self.client.post(&path, &value).await,
        };
        match (first, id) {
            (Ok(_), _) => Ok(()),
            (Err(Failure::Unsure(_)), Some(_)) => self.client.patch(&path, &value).await.map(drop),
            (Err(Failure::Unsure(_)), None) => {
                let (comments, _) = self.client.list(&path).await?;
                if !summaries(&comments, self.me, self.namespace).is_empty() {
                    return Ok(());
                }
                self.client.post(&path, &value).await.map(drop)
            }
            (Err(failure), _) => Err(failure),
        }
    }

    /// Brings the comments that are there up to date. What is gone already is as it should be.
    pub async fn tidy(&self, plan: &Plan, posted: &Posted, surplus: &[u64]) -> Answer<()> {
        for it in &plan.edits {
            let path = self.paths.inline_one(it.id);
            let body = json!({ "body": it.body });
            gone_is_fine(twice(|| self.client.patch(&path, &body)).await)?;
        }
        let replaced = plan.new.iter().filter(|it| posted.fingerprints.contains(&it.fingerprint));
        let replaced = replaced.flat_map(|it| it.replaces.iter());
        for id in plan.deletes.iter().chain(replaced) {
            let path = self.paths.inline_one(*id);
            gone_is_fine(twice(|| self.client.delete(&path)).await)?;
        }
        for id in surplus {
            let path = self.paths.issue_comment(*id);
            gone_is_fine(twice(|| self.client.delete(&path)).await)?;
        }
        Ok(())
    }
}

/// For writes that do the same when they are done twice.
async fn twice<F: Future<Output = Answer<Value>>>(write: impl Fn() -> F) -> Answer<Value> {
    match write().await {
        Err(Failure::Unsure(_)) => write().await,
        other => other,
    }
}

fn gone_is_fine(answer: Answer<Value>) -> Answer<()> {
    match answer {
        Ok(_) | Err(Failure::Missing) => Ok(()),
        Err(failure) => Err(failure),
    }
}

fn at(anchor: &Anchor, body: &str) -> Value {
    let mut value = json!({ "path": anchor.path, "line": anchor.line, "side": "RIGHT", "body": body });
    if let Some(start) = anchor.start {
        value["start_line"] = start.into();
        value["start_side"] = "RIGHT".into();
    }
    value
}
