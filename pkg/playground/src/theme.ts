/** Runs before anything is drawn, so that the page does not flash. */

const STORED = "backend-specialist.theme";

let stored: string | null = null;
try {
  stored = localStorage.getItem(STORED);
} catch {
  // Storage may be forbidden: the system decides.
}
if (stored === "light" || stored === "dark") document.documentElement.dataset.theme = stored;
