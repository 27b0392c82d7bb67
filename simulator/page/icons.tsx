import type { ReactNode } from 'react';

const paths = {
  hash: <path d="M8 3 6 17M14 3l-2 14M3.5 7.5h14M2.5 12.5h14" />,
  home: <path d="M3 9.5 10 4l7 5.5V16a1 1 0 0 1-1 1h-4v-5H8v5H4a1 1 0 0 1-1-1z" />,
  menu: <path d="M3 5h14M3 10h14M3 15h14" />,
  close: <path d="m5 5 10 10M15 5 5 15" />,
  eye: (
    <>
      <path d="M2 10s3-5 8-5 8 5 8 5-3 5-8 5-8-5-8-5z" />
      <circle cx="10" cy="10" r="2.2" />
    </>
  ),
  file: <path d="M5 2.5h6.5L16 7v10.5H5zM11.5 2.5V7H16M7.5 11h6M7.5 14h6" />,
  download: <path d="M10 3v9m-4-4 4 4 4-4M4 16.5h12" />,
  thread: <path d="M3.5 4.5h13v9H9l-4 3v-3H3.5z" />,
  message: <path d="M3.5 4.5h13v9H9l-4 3v-3H3.5zM6.5 8h7M6.5 10.5h4" />,
  archive: <path d="M3 4h14v3.5H3zM4.5 7.5V16h11V7.5M8 10.5h4" />,
  send: <path d="M3 10 17 3.5 13.5 17 9.5 11.5zM9.5 11.5 17 3.5" />,
  chevron: <path d="m6 8 4 4 4-4" />,
} satisfies Record<string, ReactNode>;

/** Decoration only: whatever it stands for is said in words beside it or in the control's label. */
export function Icon({ name }: { readonly name: keyof typeof paths }): ReactNode {
  return (
    <svg className="icon" viewBox="0 0 20 20" aria-hidden="true">
      {paths[name]}
    </svg>
  );
}

/** The app's picture: two lines side by side. */
export function BotAvatar(): ReactNode {
  return (
    <span className="avatar bot-avatar" aria-hidden="true">
      <svg viewBox="0 0 32 32">
        <path d="M11.5 8v16M20.5 8v16" />
      </svg>
    </span>
  );
}

/** A person's initials on a colour of their own. */
export function PersonAvatar({ id, name }: { readonly id: string; readonly name: string }): ReactNode {
  const initials = name
    .split(/\s+/)
    .map((word) => word.charAt(0))
    .slice(0, 2)
    .join('');
  const hue = Array.from(id).reduce((sum, char) => (sum * 31 + (char.codePointAt(0) ?? 0)) % 360, 7);
  return (
    <span className="avatar" style={{ background: `hsl(${hue} 38% 36%)` }} aria-hidden="true">
      {initials.toUpperCase()}
    </span>
  );
}
