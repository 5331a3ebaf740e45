// Before anything is drawn: the theme that the reader chose on an earlier page.
'use strict';
try {
  const chosen = localStorage.getItem('referee-theme');
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;
} catch { /* no storage here: the system's */ }
