//! The core as a door sees it: files in, a report out.

mod depth;
mod hostile;
mod state;

use backend_specialist_core::analyze;
use backend_specialist_core::config::Config;
use backend_specialist_core::project::{Project, SourceFile};
use backend_specialist_core::report::Report;

/// Path and text.
type Files = Vec<(String, String)>;

fn project(files: &[(String, String)]) -> Project {
    let files = files.iter().map(|(path, text)| SourceFile { path: path.clone(), bytes: text.clone().into_bytes() });
    Project::new(files.collect())
}

fn report(files: &[(String, String)]) -> Report {
    analyze(&project(files), &Config::default())
}
