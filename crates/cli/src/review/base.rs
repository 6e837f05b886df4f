//! What the pull request is compared with, also in a clone that holds one commit alone.

use std::path::Path;

use backend_specialist_github::event::Pull;

use crate::fault::Fault;
use crate::git::Git;

/// The commit to compare with, which is in the clone.
#[derive(Debug)]
pub struct Base {
    pub git: Git,
    pub sha: String,
}

/// Why there is none.
#[derive(Debug)]
pub struct Without(pub String);

pub fn find(root: &Path, pull: &Pull) -> Result<Result<Base, Without>, Fault> {
    let Ok(git) = Git::new(root) else { return Ok(Err(Without("the project is no git repository".to_string()))) };
    let head = git.text(&["rev-parse", "HEAD"])?;
    let parents = parents(&git)?;
    let is_merge = parents.len() == 2 && parents[1] == pull.head;
    if pull.must_be_checked_out && !is_merge && head != pull.head {
        return Err(Fault::new("what is checked out is not the pull request").help(
            "check out its head commit (on `pull_request_target` a checkout takes the base), and run nothing of it",
        ));
    }
    let local = match parents.first() {
        Some(first) if is_merge => Some(first.clone()),
        _ => git.text(&["merge-base", &pull.base, "HEAD"]).ok(),
    };
    let wanted = local.unwrap_or_else(|| pull.base.clone());
    if !has(&git, &wanted) {
        // With the credentials that the checkout left there.
        let _ = git.run(&["fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--depth=1", "origin", &wanted]);
    }
    Ok(if has(&git, &wanted) {
        Ok(Base { git, sha: wanted })
    } else {
        Err(Without(format!("the base commit {} cannot be fetched", wanted.get(..7).unwrap_or(&wanted))))
    })
}

/// As the commit says it: a shallow clone hides parents from other commands.
fn parents(git: &Git) -> Result<Vec<String>, Fault> {
    let text = git.text(&["cat-file", "commit", "HEAD"])?;
    let lines = text.lines().take_while(|it| !it.is_empty());
    Ok(lines.filter_map(|it| it.strip_prefix("parent ")).map(str::to_string).collect())
}

fn has(git: &Git, sha: &str) -> bool {
    git.run(&["cat-file", "-e", &format!("{sha}^{{commit}}")]).is_ok()
}
