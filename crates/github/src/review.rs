//! One run on one pull request: read what is there, plan, write, and say what was done.

use std::time::Duration;

use backend_specialist_core::report::Finding;

use crate::body::{Body, Links, Secrets, body, suggestion};
use crate::client::{Client, Failure};
use crate::diff::Diff;
use crate::event::{Addresses, Pull, Repository};
use crate::found::Found;
use crate::issues;
use crate::marker::Namespace;
use crate::plan::{Candidate, Plan, Rules, Shown, plan};
use crate::post::Desk;
use crate::state::{self, Paths, State};
use crate::summary::{Issue, Summary};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comments {
    /// Inline comments and a summary.
    Review,
    Summary,
    None,
}

/// What a run may do, and where.
#[derive(Clone, Debug)]
pub struct Settings {
    pub addresses: Addresses,
    pub repository: Repository,
    pub namespace: Namespace,
    pub comments: Comments,
    pub comments_max: usize,
    pub token: Option<String>,
    /// Tell what would be written instead of writing.
    pub dry_run: bool,
    /// How long a second is.
    pub second: Duration,
}

/// What was found, and the texts it was found in.
#[derive(Clone, Copy)]
pub struct Material<'a> {
    pub found: &'a Found,
    /// The analyzed text of a file, by its path in the repository.
    pub text: &'a dyn Fn(&str) -> Option<String>,
    /// The changed lines as the clone tells them, if it has both commits.
    pub diff: Option<&'a Diff>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrote {
    Review,
    Summary,
    None,
}

impl Wrote {
    pub fn as_str(self) -> &'static str {
        match self {
            Wrote::Review => "review",
            Wrote::Summary => "summary",
            Wrote::None => "none",
        }
    }
}

/// What a run did.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub wrote: Wrote,
    pub reason: Option<String>,
    /// For the page of the job.
    pub job: String,
    /// The writes that a dry run did not do.
    pub told: Vec<String>,
}

/// Comments on the pull request. Whatever goes wrong there is said and loses no finding.
pub async fn review(settings: &Settings, pull: &Pull, material: Material<'_>) -> Outcome {
    let secrets = Secrets::of(material.found.every());
    let links = Links {
        server: settings.addresses.server.clone(),
        repository: settings.repository.clone(),
        head: pull.head.clone(),
    };
    let mut run =
        Run { settings, pull, material, secrets: &secrets, links: &links, issues: Vec::new(), notes: Vec::new() };
    let reason = match run.obstacle() {
        Some(reason) => reason,
        None => match Client::new(&settings.addresses, settings.token.as_deref(), settings.second, settings.dry_run) {
            Ok(client) => match run.write(&client).await {
                Ok(mut outcome) => {
                    outcome.told = client.told();
                    return outcome;
                }
                Err(failure) => failure.reason(),
            },
            Err(reason) => reason,
        },
    };
    run.silent(reason)
}

struct Run<'a> {
    settings: &'a Settings,
    pull: &'a Pull,
    material: Material<'a>,
    secrets: &'a Secrets,
    links: &'a Links,
    issues: Vec<Issue>,
    notes: Vec<String>,
}

impl Run<'_> {
    /// Why nothing is written, as far as that is known without asking.
    fn obstacle(&self) -> Option<String> {
        if self.settings.comments == Comments::None {
            return Some("no comments are wanted".to_string());
        }
        if !self.pull.is_open {
            return Some("the pull request is closed".to_string());
        }
        if self.settings.dry_run {
            return None;
        }
        if let Some(read_only) = self.pull.read_only {
            return Some(read_only.reason().to_string());
        }
        self.settings.token.is_none().then(|| "there is no token".to_string())
    }

    async fn write(&mut self, client: &Client) -> Result<Outcome, Failure> {
        let Settings { repository, namespace, .. } = self.settings;
        let paths = Paths::new(repository, self.pull.number);
        let now = state::read_pull(client, &paths).await?;
        if let Some(reason) = self.outrun(&now) {
            return Ok(self.silent(reason));
        }
        let state = state::read(client, &paths, namespace, self.material.diff.cloned()).await?;
        if state.is_cut {
            self.notes
                .push("GitHub tells the changed lines of 3,000 files only; the others are listed here.".to_string());
        }
        self.issues = issues::named(client, &paths, self.pull).await;
        let candidates = self.candidates(&state.diff);
        let found = self.material.found;
        let silenced = found.silenced();
        let rules = Rules {
            namespace,
            head: &self.pull.head,
            inline: self.settings.comments == Comments::Review,
            comments_max: self.settings.comments_max,
            silenced: &silenced,
        };
        let memory = state.summary.as_ref().map(|it| it.memory.clone()).unwrap_or_default();
        let mut plan = plan(&candidates, &state.existing, &memory, rules);
        if !self.has_work(&state, &plan, &candidates) {
            let reason = if candidates.is_empty() { "there is nothing to say" } else { "everything is said already" };
            return Ok(self.done(Wrote::None, Some(reason.to_string()), &candidates, &plan));
        }
        // It may have moved while all that was read.
        let now = state::read_pull(client, &paths).await?;
        if let Some(reason) = self.outrun(&now) {
            return Ok(self.silent(reason));
        }
        let desk = Desk { client, paths: &paths, namespace, me: &state.me, head: &self.pull.head };
        let posted = desk.comments(&mut plan, &candidates).await;
        let (mut wrote, mut reason) = (Wrote::None, posted.failure.as_ref().map(Failure::reason));
        let body = self.changed_summary(&state, &candidates, &plan);
        let answer = match &body {
            Some(body) => desk.summary(state.summary.as_ref().map(|it| it.id), body).await,
            None => Ok(()),
        };
        match answer {
            // What is deleted must be forgotten first, or its return would look unwanted.
            Ok(()) => {
                if body.is_some() {
                    wrote = Wrote::Summary;
                }
                if let Err(failure) = desk.tidy(&plan, &posted, &state.surplus).await {
                    reason = reason.or(Some(failure.reason()));
                }
            }
            Err(failure) => reason = reason.or(Some(failure.reason())),
        }
        if !posted.fingerprints.is_empty() {
            wrote = Wrote::Review;
        }
        Ok(self.done(wrote, reason, &candidates, &plan))
    }

    fn outrun(&self, now: &Pull) -> Option<String> {
        if now.head != self.pull.head {
            return Some("superseded: the pull request has a newer commit".to_string());
        }
        (!now.is_open).then(|| "the pull request is closed".to_string())
    }

    /// Each finding with the place and the text of its comment.
    fn candidates(&self, diff: &Diff) -> Vec<Candidate<'_>> {
        let candidate = |finding| {
            let Finding { file, range, fingerprint, .. }: &Finding = finding;
            let text = (self.material.text)(file);
            let anchor = diff.anchor(file, range.start.line, range.end.line, text.as_deref());
            let marker = self.settings.namespace.finding(fingerprint);
            let mut body: Body = body(finding, marker, self.secrets, self.links);
            if let (Ok(anchor), Some(text)) = (&anchor, &text)
                && let Some(suggestion) = suggestion(finding, anchor, text)
            {
                body.rest = format!("{suggestion}\n\n{}", body.rest).trim_end().to_string();
            }
            Candidate { finding, anchor, body }
        };
        self.material.found.ordered().into_iter().map(candidate).collect()
    }

    fn has_work(&self, state: &State, plan: &Plan, candidates: &[Candidate<'_>]) -> bool {
        let Plan { new, edits, deletes, .. } = plan;
        let is_tidy = new.is_empty() && edits.is_empty() && deletes.is_empty() && state.surplus.is_empty();
        !is_tidy || self.changed_summary(state, candidates, plan).is_some()
    }

    /// The summary's new text, unless it says the same already: the commit it names does not count.
    fn changed_summary(&self, state: &State, candidates: &[Candidate<'_>], plan: &Plan) -> Option<String> {
        let text = |head: &str| {
            let links = Links { head: head.to_string(), ..self.links.clone() };
            let marker = self.settings.namespace.summary(head, &plan.memory);
            self.summary(candidates, plan, &links).comment(&marker)
        };
        let Some(old) = &state.summary else {
            let found = self.material.found;
            let is_clean = candidates.is_empty() && !found.routes_lost() && !found.silences();
            return (!is_clean).then(|| text(&self.pull.head));
        };
        let said = old.body.replace('\r', "");
        (text(&old.head).trim() != said.trim()).then(|| text(&self.pull.head))
    }

    fn summary<'b>(&'b self, candidates: &'b [Candidate<'_>], plan: &'b Plan, links: &'b Links) -> Page<'b> {
        let findings = candidates.iter().zip(plan.shown.iter().map(Some)).map(|(it, shown)| (it.finding, shown));
        Page { run: self, links, findings: findings.collect() }
    }

    fn done(&self, wrote: Wrote, reason: Option<String>, candidates: &[Candidate<'_>], plan: &Plan) -> Outcome {
        let job = self.summary(candidates, plan, self.links).job();
        Outcome { wrote, reason, job, told: Vec::new() }
    }

    /// Nothing was written: the job's page has it all.
    fn silent(&self, reason: String) -> Outcome {
        let findings = self.material.found.ordered().into_iter().map(|it| (it, None)).collect();
        let job = Page { run: self, links: self.links, findings }.job();
        let job = format!("{job}\nNo comments: {}.\n", crate::markup::sentence(&reason));
        Outcome { wrote: Wrote::None, reason: Some(reason), job, told: Vec::new() }
    }
}

/// A summary with its findings.
struct Page<'a> {
    run: &'a Run<'a>,
    links: &'a Links,
    findings: Vec<(&'a Finding, Option<&'a Shown>)>,
}

impl Page<'_> {
    fn summary(&self) -> Summary<'_> {
        Summary {
            found: self.run.material.found,
            findings: &self.findings,
            secrets: self.run.secrets,
            links: self.links,
            issues: &self.run.issues,
            notes: &self.run.notes,
            of_change: self.run.material.found.change.is_some(),
        }
    }

    fn comment(&self, marker: &str) -> String {
        self.summary().comment(marker)
    }

    fn job(&self) -> String {
        self.summary().job()
    }
}

/// The page of a job that has no pull request.
pub fn job_summary(addresses: &Addresses, repository: &Repository, head: &str, found: &Found) -> String {
    let secrets = Secrets::of(found.every());
    let links = Links { server: addresses.server.clone(), repository: repository.clone(), head: head.to_string() };
    let ordered = found.ordered();
    let findings: Vec<_> = ordered.into_iter().map(|it| (it, None)).collect();
    Summary {
        found,
        findings: &findings,
        secrets: &secrets,
        links: &links,
        issues: &[],
        notes: &[],
        of_change: found.change.is_some(),
    }
    .job()
}
