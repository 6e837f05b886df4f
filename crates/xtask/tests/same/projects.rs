//! What is compared: the example backends as projects of many files, and every case of every page.

use backend_specialist_core::analyze;
use backend_specialist_core::config::Config;
use backend_specialist_core::finding::Profile;
use backend_specialist_core::report::json::json;
use backend_specialist_xtask::{projects, root};

pub use backend_specialist_xtask::projects::Files;

/// Numbers that are the same on every machine.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % count
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

/// All rules run, so that all of the report is compared.
pub fn config() -> Config {
    Config { profile: Profile::Audit, ..Config::default() }
}

pub fn report(files: &Files) -> String {
    json(&analyze(&projects::project(files), &config()))
}

/// Name and files of every project.
pub fn all() -> Vec<(String, Files)> {
    projects::all(&root()).expect("pages and apps can be read")
}

pub fn apps() -> Vec<(String, Files)> {
    projects::apps(&root()).expect("apps can be read")
}
