//! The pull-request door: what a change introduced, as comments that stay true.
//!
//! What is to be written is planned from data alone (`plan`); `client` is the only place that talks to GitHub.

mod body;
mod client;
pub mod diff;
pub mod event;
pub mod found;
mod issues;
mod lookup;
pub mod marker;
mod markup;
mod outputs;
mod plan;
mod post;
pub mod review;
mod state;
mod summary;

pub use lookup::Numbered;
pub use outputs::{Outputs, without_commands};

use event::{Head, Pull};
use review::{Material, Outcome, Settings};

/// Reviews the pull request; comes back when everything is written or nothing more can be.
pub fn run(settings: &Settings, pull: &Pull, material: Material<'_>) -> Result<Outcome, String> {
    wait(review::review(settings, pull, material))
}

/// The pull request or issue of that number.
pub fn numbered(settings: &Settings, number: u64) -> Result<Numbered, String> {
    wait(lookup::numbered(settings, number))?
}

/// The open pull request with that head, if there is one.
pub fn by_head(settings: &Settings, head: &Head) -> Result<Option<Pull>, String> {
    wait(lookup::by_head(settings, head))?
}

fn wait<T>(work: impl Future<Output = T>) -> Result<T, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    Ok(runtime.map_err(|it| format!("no connection can be made: {it}"))?.block_on(work))
}
