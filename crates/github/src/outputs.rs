//! What a step tells the workflow: numbers, words of our own and paths that the workflow itself gave.

use crate::review::Wrote;

#[derive(Clone, Debug)]
pub struct Outputs<'a> {
    pub findings: usize,
    pub new: usize,
    pub fixed: usize,
    pub wrote: Wrote,
    pub reason: &'a str,
    pub sarif_file: Option<&'a str>,
    pub report_json: Option<&'a str>,
}

impl Outputs<'_> {
    /// Lines for the file that `GITHUB_OUTPUT` names.
    pub fn lines(&self) -> String {
        let mut out = format!(
            "findings={}\nnew={}\nfixed={}\nposted={}\nreason={}\n",
            self.findings,
            self.new,
            self.fixed,
            self.wrote.as_str(),
            one_line(self.reason),
        );
        for (name, path) in [("sarif-file", self.sarif_file), ("report-json", self.report_json)] {
            if let Some(path) = path {
                out.push_str(&format!("{name}={}\n", one_line(path)));
            }
        }
        out
    }
}

fn one_line(text: &str) -> String {
    text.chars().map(|it| if it.is_control() { ' ' } else { it }).collect()
}

/// Text for the log: no line of it is a command to the runner.
pub fn without_commands(text: &str) -> String {
    let lines = text.split('\n').map(|line| {
        let line = line.replace('\r', " ").replace("##[", "# #[");
        match line.trim_start().starts_with("::") {
            true => line.replacen("::", ": :", 1),
            false => line,
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_gives_no_commands() {
        assert_eq!(
            without_commands("a\r::set-output\n  ::add-mask::x\nb ##[error]"),
            "a ::set-output\n  : :add-mask::x\nb # #[error]"
        );
    }

    #[test]
    fn outputs_are_one_line_each() {
        let outputs = Outputs {
            findings: 3,
            new: 1,
            fixed: 0,
            wrote: Wrote::Review,
            reason: "a\nb=c",
            sarif_file: Some("x"),
            report_json: None,
        };
        assert_eq!(outputs.lines(), "findings=3\nnew=1\nfixed=0\nposted=review\nreason=a b=c\nsarif-file=x\n");
    }
}
