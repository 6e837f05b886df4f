//! Where a rule's page stands on the web.

/// The pages of this version in the repository named in `Cargo.toml`.
pub fn docs_base() -> Option<String> {
    let repository = env!("CARGO_PKG_REPOSITORY");
    if repository.is_empty() {
        return None;
    }
    Some(format!("{repository}/blob/v{}/docs/rules", env!("CARGO_PKG_VERSION")))
}

/// The page of one rule; `base` as in [`docs_base`].
pub fn docs_address(base: Option<&str>, rule: &str) -> Option<String> {
    let base = base?.trim_end_matches('/');
    (!base.is_empty()).then(|| format!("{base}/{rule}.md"))
}
