//! What a rule says: one defect at one place, with the flow that leads to it.

use serde::{Deserialize, Serialize};

use backend_specialist_syntax::ir::Span;

use crate::rules::Rule;
use crate::{FileId, Place};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Info,
    Low,
    Medium,
    High,
    Critical,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    Low,
    Medium,
    High,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    Core,
    Strict,
    Audit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Specialist {
    Backend,
    Database,
    Security,
    Performance,
    Documentation,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StepKind {
    /// Where the data comes in.
    Source,
    /// A variable gets it: a declaration, an assignment, a part of a pattern.
    Assign,
    /// A member, element or property gets it.
    Write,
    /// A member or element that got it is read.
    Read,
    /// A parameter gets it from the argument of a call.
    Parameter,
    /// What a function gives back.
    Return,
    /// A call of a function of the project gives what the function returned.
    Call,
    /// One of several: what a loop goes through.
    Item,
    /// An operator or a library makes something of it.
    Propagate,
    /// Where it arrives.
    Sink,
}

/// One step of the data on its way; the text shown is the source text of its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlowStep {
    pub kind: StepKind,
    pub place: Place,
}

/// A place that helps to understand the finding, with a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    pub place: Place,
    pub message: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FixKind {
    /// Behavior is kept but for the defect.
    Safe,
    /// Offered with a preview.
    Suggested,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    pub place: Place,
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    pub kind: FixKind,
    pub title: String,
    pub edits: Vec<Edit>,
}

/// A finding as a rule makes it. The report adds file names, positions, texts and the fingerprint.
#[derive(Clone, Debug)]
pub struct Finding {
    pub rule: &'static Rule,
    pub severity: Severity,
    pub confidence: Confidence,
    pub message: String,
    pub help: String,
    /// The smallest expression to change.
    pub place: Place,
    pub flow: Vec<FlowStep>,
    pub related: Vec<Related>,
    pub fixes: Vec<Fix>,
    /// Reported from this profile on; never below the rule's own.
    pub profile: Profile,
}

impl Finding {
    pub fn new(rule: &'static Rule, place: Place, message: impl Into<String>) -> Finding {
        Finding {
            rule,
            severity: rule.severity,
            confidence: rule.confidence,
            message: message.into(),
            help: String::new(),
            place,
            flow: Vec::new(),
            related: Vec::new(),
            fixes: Vec::new(),
            profile: rule.profile,
        }
    }

    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Finding {
        self.help = help.into();
        self
    }

    /// Never raises it: a rule's own confidence is its best.
    #[must_use]
    pub fn confidence(mut self, confidence: Confidence) -> Finding {
        self.confidence = self.confidence.min(confidence);
        self
    }

    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Finding {
        self.severity = severity;
        self
    }

    /// For a finding that is less certain to matter than others of its rule.
    #[must_use]
    pub fn profile(mut self, profile: Profile) -> Finding {
        self.profile = self.profile.max(profile);
        self
    }

    #[must_use]
    pub fn related(mut self, place: Place, message: impl Into<String>) -> Finding {
        self.related.push(Related { place, message: message.into() });
        self
    }

    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Finding {
        self.fixes.push(fix);
        self
    }
}

impl Severity {
    pub const ALL: [Severity; 5] =
        [Severity::Critical, Severity::High, Severity::Medium, Severity::Low, Severity::Info];

    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Critical => "critical",
            Severity::High => "high",
            Severity::Medium => "medium",
            Severity::Low => "low",
            Severity::Info => "info",
        }
    }

    #[must_use]
    pub fn one_lower(self) -> Severity {
        match self {
            Severity::Critical => Severity::High,
            Severity::High => Severity::Medium,
            Severity::Medium => Severity::Low,
            Severity::Low | Severity::Info => Severity::Info,
        }
    }
}

impl Confidence {
    pub fn as_str(self) -> &'static str {
        match self {
            Confidence::High => "high",
            Confidence::Medium => "medium",
            Confidence::Low => "low",
        }
    }
}

impl Profile {
    pub fn as_str(self) -> &'static str {
        match self {
            Profile::Core => "core",
            Profile::Strict => "strict",
            Profile::Audit => "audit",
        }
    }
}

impl Specialist {
    pub fn as_str(self) -> &'static str {
        match self {
            Specialist::Backend => "backend",
            Specialist::Database => "database",
            Specialist::Security => "security",
            Specialist::Performance => "performance",
            Specialist::Documentation => "documentation",
        }
    }
}

/// Why a part of the project was not, or not fully, analyzed, or why a comment has no effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProblemKind {
    /// The parser could not read it all.
    Syntax,
    /// Left out on purpose: generated, minified, somebody else's.
    Skipped,
    /// A named limit was reached.
    Limit,
    /// A relative import, a prefix or a handler that leads nowhere.
    Unresolved,
    /// A suppression that is refused, unknown or unused.
    Suppression,
    /// A fault of this program.
    Internal,
}

impl ProblemKind {
    pub fn as_str(self) -> &'static str {
        match self {
            ProblemKind::Syntax => "syntax",
            ProblemKind::Skipped => "skipped",
            ProblemKind::Limit => "limit",
            ProblemKind::Unresolved => "unresolved",
            ProblemKind::Suppression => "suppression",
            ProblemKind::Internal => "internal",
        }
    }

    /// Something that should have been analyzed was not.
    pub fn is_incomplete(self) -> bool {
        match self {
            ProblemKind::Syntax | ProblemKind::Limit | ProblemKind::Unresolved | ProblemKind::Internal => true,
            ProblemKind::Skipped | ProblemKind::Suppression => false,
        }
    }
}

/// A note of the analysis about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub kind: ProblemKind,
    pub file: FileId,
    /// Absent when the whole file is meant.
    pub span: Option<Span>,
    pub message: String,
}
