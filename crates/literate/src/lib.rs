//! Reads what people write for the checker: models in TOML, and pages whose examples are tests.

pub mod engine;
mod fixes;
pub mod models;
pub mod page;
pub mod run;
