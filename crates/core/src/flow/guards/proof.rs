//! The kinds of proofs, and the kinds of the models that give them.

use crate::flow::machine::Machine;
use crate::model::KindId;

/// What a guard can prove.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Proof {
    /// A verified credential is there.
    Auth,
    /// The authenticated user has a role or permission.
    Role,
    /// The object belongs to the authenticated user.
    Ownership,
    /// The input was checked.
    Validation,
    /// The request carries a token that another site cannot know.
    Csrf,
    ContentType,
    RateLimit,
}

impl Proof {
    pub const ALL: [Proof; 7] = [
        Proof::Auth,
        Proof::Role,
        Proof::Ownership,
        Proof::Validation,
        Proof::Csrf,
        Proof::ContentType,
        Proof::RateLimit,
    ];

    /// The source kind of values that bring the proof.
    pub fn kind(self) -> KindId {
        let name = match self {
            Proof::Auth => "guard.auth",
            Proof::Role => "guard.role",
            Proof::Ownership => "guard.ownership",
            Proof::Validation => "guard.validation",
            Proof::Csrf => "guard.csrf",
            Proof::ContentType => "guard.content-type",
            Proof::RateLimit => "guard.rate-limit",
        };
        Machine::source_kind(name)
    }

    /// The source kind of variables that are true only where the proof was found.
    pub(in crate::flow) fn shown_kind(self) -> KindId {
        let name = match self {
            Proof::Auth => "shows.auth",
            Proof::Role => "shows.role",
            Proof::Ownership => "shows.ownership",
            Proof::Validation => "shows.validation",
            Proof::Csrf => "shows.csrf",
            Proof::ContentType => "shows.content-type",
            Proof::RateLimit => "shows.rate-limit",
        };
        Machine::source_kind(name)
    }

    /// The source kind of values that are true where the proof holds.
    pub(in crate::flow) fn tested_kind(self) -> KindId {
        let name = match self {
            Proof::Auth => "holds.auth",
            Proof::Role => "holds.role",
            Proof::Ownership => "holds.ownership",
            Proof::Validation => "holds.validation",
            Proof::Csrf => "holds.csrf",
            Proof::ContentType => "holds.content-type",
            Proof::RateLimit => "holds.rate-limit",
        };
        Machine::source_kind(name)
    }
}
