// What pages need of the browser before, or without, their circuit: its time zone, the theme, the link's token, copying.
(() => {
  'use strict';

  const year = 365 * 24 * 3600;
  const cookie = (name, value) => {
    const secure = location.protocol === 'https:' ? '; SameSite=None; Secure; Partitioned' : '; SameSite=Lax';
    document.cookie = `${name}=${encodeURIComponent(value)}; Path=/; Max-Age=${year}${secure}`;
  };

  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone) {
    cookie('webhooks-zone', zone);
  }

  // Whose a token says it is; the server finds out whether that is so.
  const subject = token => {
    try {
      return JSON.parse(atob(token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/'))).sub;
    } catch {
      return undefined;
    }
  };

  // A portal link carries its token behind the mark, which no server sees; it is posted once and taken out of the address.
  const enter = () => {
    if (!location.hash.startsWith('#key=')) {
      return;
    }

    const form = document.querySelector('form[data-sign-in]');
    if (!form) {
      location.replace('/sign-in' + location.search + location.hash);
      return;
    }

    const token = decodeURIComponent(location.hash.slice('#key='.length));
    form.elements.token.value = token;
    history.replaceState(null, '', location.pathname + location.search);
    if (form.dataset.session && form.dataset.session !== subject(token)) {
      document.querySelector('[data-other]').hidden = false;
      return;
    }

    form.submit();
  };

  window.addEventListener('hashchange', enter);
  enter();

  document.addEventListener('click', async event => {
    const target = event.target.closest?.('[data-toggle-theme], [data-copy], [data-reload]');
    if (!target) {
      return;
    }

    if (target.hasAttribute('data-toggle-theme')) {
      const root = document.documentElement;
      const dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
      root.dataset.theme = dark ? 'light' : 'dark';
      cookie('webhooks-theme', root.dataset.theme);
    } else if (target.hasAttribute('data-reload')) {
      event.preventDefault();
      location.reload();
    } else {
      await copy(target.dataset.copy);
      const before = target.textContent;
      target.textContent = 'Copied';
      setTimeout(() => { target.textContent = before; }, 1500);
    }
  });

  // Frames and plain http have no clipboard of their own.
  const copy = async text => {
    if (navigator.clipboard && window.isSecureContext) {
      try {
        await navigator.clipboard.writeText(text);
        return;
      } catch {
        // Not allowed in this frame: the old way.
      }
    }

    const area = document.createElement('textarea');
    area.value = text;
    area.setAttribute('aria-hidden', 'true');
    area.className = 'off-screen';
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  };
})();
