/** Thirty small bars: how many runs began on each day, today on the right. */
const BAR = 4;
const GAP = 1;
const HEIGHT = 20;

export const Activity = ({ days }: { days: readonly number[] }) => {
  const most = Math.max(...days, 1);
  const sum = days.reduce((total, count) => total + count, 0);
  return (
    <svg width={days.length * (BAR + GAP)} height={HEIGHT} role="img" aria-label={`${sum} runs in ${days.length} days, at most ${most} a day`}>
      {days.map((count, day) => {
        const height = count === 0 ? 1 : Math.max(2, (count / most) * (HEIGHT - 1));
        return (
          <rect
            key={day}
            x={day * (BAR + GAP)}
            y={HEIGHT - height}
            width={BAR}
            height={height}
            fill={count === 0 ? "var(--hairline-strong)" : "var(--accent)"}
          />
        );
      })}
    </svg>
  );
};
