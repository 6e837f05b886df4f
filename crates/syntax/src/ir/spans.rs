//! Moving a whole module to another text: a mended one back to the one people wrote.

use super::{Module, Span};

impl Module {
    /// Replaces every span by what `moved` makes of it.
    pub(crate) fn move_spans(&mut self, moved: impl Fn(Span) -> Span) {
        let each = |span: &mut Span| *span = moved(*span);
        self.expr_spans.iter_mut().for_each(each);
        self.stmt_spans.iter_mut().for_each(each);
        self.pattern_spans.iter_mut().for_each(each);
        for it in &mut self.functions {
            each(&mut it.span);
            each(&mut it.name_span);
        }
        for it in &mut self.classes {
            each(&mut it.span);
            each(&mut it.name_span);
        }
        self.vars.iter_mut().for_each(|it| each(&mut it.span));
        self.imports.iter_mut().for_each(|it| each(&mut it.span));
        self.comments.iter_mut().for_each(|it| each(&mut it.span));
        self.casts.iter_mut().for_each(|it| each(&mut it.span));
        self.problems.iter_mut().for_each(|it| each(&mut it.span));
        self.props.iter_mut().for_each(|it| each(&mut it.span));
        self.cases.iter_mut().for_each(|it| each(&mut it.span));
        self.handlers.iter_mut().for_each(|it| each(&mut it.span));
        self.params.iter_mut().for_each(|it| each(&mut it.span));
        self.members.iter_mut().for_each(|it| each(&mut it.span));
    }
}
