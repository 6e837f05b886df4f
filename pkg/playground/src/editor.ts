/** The editor: one view, one state for each file, and marks of findings and flows. */

import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { HighlightStyle, bracketMatching, foldGutter, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
import { Compartment, EditorState, type Extension, type Range as Marked, RangeSet, StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, drawSelection, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { Finding, Range, Severity } from "backend-specialist/worker";

export interface Mark {
  range: Range;
  /** `source`, `step` or `sink`. */
  kind: string;
}

const setMarks = StateEffect.define<readonly Mark[]>();

const marks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(old, transaction) {
    let now = old.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (effect.is(setMarks)) now = decorations(effect.value, transaction.newDoc.length);
    }
    return now;
  },
  provide: (field) => EditorView.decorations.from(field),
});

function decorations(all: readonly Mark[], length: number): DecorationSet {
  const ranges: Marked<Decoration>[] = [];
  for (const { range, kind } of all) {
    const to = Math.min(range.end.offset, length);
    if (range.start.offset < to) ranges.push(Decoration.mark({ class: `flow-mark flow-${kind}` }).range(range.start.offset, to));
  }
  return RangeSet.of(ranges, true);
}

const colors = HighlightStyle.define([
  { tag: [tags.keyword, tags.modifier, tags.controlKeyword, tags.operatorKeyword], class: "tok-keyword" },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], class: "tok-string" },
  { tag: [tags.comment], class: "tok-comment" },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], class: "tok-number" },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName)], class: "tok-function" },
  { tag: [tags.typeName, tags.className, tags.definition(tags.typeName)], class: "tok-type" },
  { tag: [tags.meta, tags.annotation], class: "tok-meta" },
  { tag: [tags.propertyName], class: "tok-property" },
]);

const LEVELS: Record<Severity, Diagnostic["severity"]> = { critical: "error", high: "error", medium: "warning", low: "info", info: "hint" };

export interface EditorEvents {
  changed(path: string, text: string): void;
  /** A finding's mark in the text was chosen. */
  chosen(finding: Finding): void;
}

export class Editor {
  readonly #view: EditorView;
  readonly #states = new Map<string, EditorState>();
  readonly #language = new Compartment();
  readonly #events: EditorEvents;
  #path = "";
  #findings: readonly Finding[] = [];

  constructor(parent: HTMLElement, events: EditorEvents) {
    this.#events = events;
    this.#view = new EditorView({ parent, state: this.#newState("") });
  }

  /** Forgets all files. */
  clear(): void {
    this.#states.clear();
    this.#path = "";
  }

  forget(path: string): void {
    this.#states.delete(path);
    if (this.#path === path) this.#path = "";
  }

  /** Shows a file; its history and cursor are as they were. */
  show(path: string, text: string): void {
    if (path === this.#path) {
      if (text !== this.text()) this.setText(text);
      return;
    }
    if (this.#path) this.#states.set(this.#path, this.#view.state);
    const known = this.#states.get(path);
    this.#path = path;
    this.#view.setState(known !== undefined && known.doc.toString() === text ? known : this.#newState(text));
    this.#view.contentDOM.setAttribute("aria-label", `Code of ${path}`);
    void this.#loadLanguage(path);
    this.setFindings(this.#findings);
  }

  text(): string {
    return this.#view.state.doc.toString();
  }

  /** Changes only what differs, so that the cursor and the history stay. */
  setText(text: string): void {
    const old = this.text();
    let start = 0;
    while (start < old.length && start < text.length && old[start] === text[start]) start++;
    let end = 0;
    while (end < old.length - start && end < text.length - start && old[old.length - 1 - end] === text[text.length - 1 - end]) end++;
    this.#view.dispatch({ changes: { from: start, to: old.length - end, insert: text.slice(start, text.length - end) } });
  }

  setFindings(findings: readonly Finding[]): void {
    this.#findings = findings;
    const length = this.#view.state.doc.length;
    const diagnostics: Diagnostic[] = findings
      .filter((it) => it.file === this.#path && it.range.start.offset <= length)
      .map((it) => ({
        from: it.range.start.offset,
        to: Math.min(it.range.end.offset, length),
        severity: LEVELS[it.severity],
        source: it.rule,
        message: it.message,
        actions: [{ name: "Show", apply: () => this.#events.chosen(it) }],
      }));
    this.#view.dispatch(setDiagnostics(this.#view.state, diagnostics));
  }

  setMarks(all: readonly Mark[]): void {
    this.#view.dispatch({ effects: setMarks.of(all) });
  }

  /** Selects a range and moves it into sight. */
  reveal(range: Range, focus: boolean): void {
    const length = this.#view.state.doc.length;
    const [anchor, head] = [Math.min(range.start.offset, length), Math.min(range.end.offset, length)];
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.#view.scrollDOM.style.scrollBehavior = calm ? "auto" : "smooth";
    this.#view.dispatch({ selection: { anchor, head }, effects: EditorView.scrollIntoView(anchor, { y: "center" }) });
    if (focus) this.#view.focus();
  }

  revealLine(line: number): void {
    const { doc } = this.#view.state;
    const at = doc.line(Math.max(1, Math.min(line, doc.lines)));
    const position = (offset: number) => ({ line, column: 1, offset });
    this.reveal({ start: position(at.from), end: position(at.to) }, false);
  }

  focus(): void {
    this.#view.focus();
  }

  /** After the room for it has changed. */
  measure(): void {
    this.#view.requestMeasure();
  }

  #newState(doc: string): EditorState {
    const extensions: Extension[] = [
      // The editor's own style elements are the only ones that the page's policy lets in.
      EditorView.cspNonce.of("editor"),
      lineNumbers(),
      highlightActiveLineGutter(),
      highlightSpecialChars(),
      history(),
      foldGutter(),
      drawSelection(),
      indentOnInput(),
      bracketMatching(),
      highlightActiveLine(),
      indentUnit.of("  "),
      lintGutter(),
      syntaxHighlighting(colors),
      this.#language.of([]),
      marks,
      // Tab leaves the editor, for those who have no mouse; Ctrl+] indents.
      keymap.of([...defaultKeymap, ...historyKeymap]),
      EditorView.updateListener.of((update) => {
        if (update.docChanged && this.#path) this.#events.changed(this.#path, this.text());
      }),
      EditorView.contentAttributes.of({ "aria-label": "Code", tabindex: "0", spellcheck: "false", autocorrect: "off", autocapitalize: "off" }),
    ];
    return EditorState.create({ doc, extensions });
  }

  async #loadLanguage(path: string): Promise<void> {
    const extension = await languageOf(path);
    if (this.#path === path) this.#view.dispatch({ effects: this.#language.reconfigure(extension) });
  }
}

async function languageOf(path: string): Promise<Extension> {
  const ending = path.slice(path.lastIndexOf(".") + 1);
  if (/^(?:[mc]?[jt]s|[jt]sx|json)$/.test(ending)) {
    const { javascript } = await import("@codemirror/lang-javascript");
    return javascript({ typescript: /^[mc]?ts|tsx$/.test(ending), jsx: ending.endsWith("x") });
  }
  if (/^pyw?$/.test(ending)) {
    const { python } = await import("@codemirror/lang-python");
    return python();
  }
  return [];
}
