//! The route × guard matrix as it is printed.

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// In capitals; `ANY` for all.
    pub method: String,
    /// In the framework's own spelling, joined with every prefix.
    pub path: String,
    pub file: String,
    pub line: u32,
    pub handler: String,
    pub framework: String,
    pub guards: Guards,
    /// What the role guard asks for, where it is known.
    pub roles: Vec<String>,
    pub evidence: Vec<Evidence>,
}

/// The words are those of the specification: `present`, `absent`, `unknown`, `n/a`, …
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guards {
    pub auth: String,
    pub role: String,
    pub ownership: String,
    pub validation: String,
    pub csrf: String,
    pub content_type: String,
    pub rate_limit: String,
}

impl Guards {
    pub fn unknown() -> Guards {
        let unknown = || "unknown".to_string();
        Guards {
            auth: unknown(),
            role: unknown(),
            ownership: unknown(),
            validation: unknown(),
            csrf: unknown(),
            content_type: unknown(),
            rate_limit: unknown(),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    pub guard: String,
    pub file: String,
    pub line: u32,
    pub why: String,
}
