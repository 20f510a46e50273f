/** An error where the data would be: what, why, and the way out. */
export const Trouble = ({ error, word = "Try again", onRetry }: { error: Error; word?: string; onRetry?: () => void }) => (
  <div role="alert" style={{ color: "var(--bad)", display: "flex", gap: 12, alignItems: "center", padding: "8px 0" }}>
    <span>{error.message}</span>
    {onRetry !== undefined && (
      <button type="button" className="k-button" onClick={onRetry}>
        {word}
      </button>
    )}
  </div>
);
