//! Diagnostics and decisions, pointing at the program's text.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use dice_program::Severity;
use dice_server::api::Decision;

pub(crate) fn diagnostics(
    found: &[dice_program::Diagnostic],
    source: &str,
    filename: &str,
) -> String {
    let renderer = Renderer::plain();
    let shown = found
        .iter()
        .map(|diagnostic| one(diagnostic, source, filename, &renderer));
    shown.collect::<Vec<_>>().join("\n\n")
}

fn one(
    diagnostic: &dice_program::Diagnostic,
    source: &str,
    filename: &str,
    renderer: &Renderer,
) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let end = diagnostic.end.clamp(diagnostic.start, source.len());
    let snippet = Snippet::source(source)
        .path(filename)
        .annotation(AnnotationKind::Primary.span(diagnostic.start.min(source.len())..end));
    let mut group: Group<'_> = level
        .primary_title(diagnostic.message.as_str())
        .id(diagnostic.code)
        .element(snippet);
    if let Some(hint) = &diagnostic.hint {
        group = group.element(Level::HELP.message(hint.as_str()));
    }
    renderer.render(&[group])
}

/// `--explain`: one line each, in program order.
pub(crate) fn decisions(decisions: &[Decision], filename: &str) -> String {
    let lines = decisions.iter().map(|decision| {
        let rule = decision
            .rule
            .as_deref()
            .map(|rule| format!(" [{rule}]"))
            .unwrap_or_default();
        let help = decision
            .help
            .as_deref()
            .map(|help| format!("\n    help: {help}"));
        let Decision {
            line,
            what,
            message,
            ..
        } = decision;
        format!(
            "{filename}:{line}: {what}{rule}: {message}{}",
            help.unwrap_or_default()
        )
    });
    lines.collect::<Vec<_>>().join("\n")
}
