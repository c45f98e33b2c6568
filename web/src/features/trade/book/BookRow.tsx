import { memo } from 'react';
import { cut } from '@/lib/decimal';
import { grouped } from '@/lib/numbers';
import { Num } from '@/ui/Num';
import type { BookSide } from './ladder';

interface Props {
  readonly side: BookSide;
  readonly price: string;
  readonly shownDecimals: number;
  readonly quantity: string;
  readonly sum: string;
  readonly width: string;
  readonly isOwn: boolean;
  readonly isTabStop: boolean;
}

/** One level. All its values are strings, so that it renders only when one of them changed. */
export const BookRow = memo(function BookRow(props: Props) {
  const { side, price, shownDecimals, quantity, sum, width, isOwn, isTabStop } = props;
  return (
    <div
      className={`lv ${side}`}
      role="row"
      tabIndex={isTabStop ? 0 : -1}
      data-testid={`book-${side}-row`}
      data-price={price}
      data-qty={quantity}
      data-cum={sum}
      data-own={isOwn}
    >
      <b style={{ width }} />
      {isOwn && <i className="own" title="Your order" />}
      <span role="gridcell" data-cell="price" className="num">
        {grouped(cut(price, shownDecimals))}
      </span>
      <span role="gridcell" data-cell="size">
        <Num value={quantity} />
      </span>
      <span role="gridcell" data-cell="sum">
        <Num value={sum} />
      </span>
    </div>
  );
});
