import { describe, expect, it } from 'vitest';
import {
  atLeast,
  ceilTo,
  compare,
  cut,
  decimalsOf,
  floorTo,
  fromUnits,
  multiply,
  percentChange,
  rescale,
  shorten,
  sum,
  toUnits,
} from './decimal';

describe('units and decimals', () => {
  it.each([
    ['0', 2, 0n],
    ['1.25', 2, 125n],
    ['1.2500', 2, 125n],
    ['-0.01', 2, -1n],
    ['9007199254740993.12', 2, 900719925474099312n],
  ])('%s at scale %i is %s units', (text, scale, units) => {
    expect(toUnits(text, scale)).toBe(units);
  });

  it.each(['', '.', '.5', '1.', '1e5', '1,5', ' 1', 'NaN', '+1', '0x10', '١'])(
    '%j is no decimal',
    (text) => {
      expect(toUnits(text, 8)).toBeNull();
    },
  );

  it('does not round what has too many decimals', () => {
    expect(toUnits('1.005', 2)).toBeNull();
  });

  it('prints small numbers without an exponent', () => {
    expect(fromUnits(1n, 8)).toBe('0.00000001');
    expect(fromUnits(-1n, 8)).toBe('-0.00000001');
    expect(fromUnits(5n, 0)).toBe('5');
  });

  it('knows what the zeros say', () => {
    expect(decimalsOf('0.10')).toBe(1);
    expect(decimalsOf('10')).toBe(0);
    expect(shorten('0.2500')).toBe('0.25');
    expect(shorten('100')).toBe('100');
    expect(atLeast('1.5', 4)).toBe('1.5000');
    expect(cut('0.00019', 4)).toBe('0.0001');
    expect(cut('7', 2)).toBe('7.00');
  });
});

describe('arithmetic', () => {
  it('adds and multiplies where floats fail', () => {
    expect(sum('0.1', '0.2')).toBe('0.3');
    expect(multiply('63900.0', '0.12208')).toBe('7800.91200');
    expect(multiply('0.1', '0.1')).toBe('0.01');
  });

  it('moves to steps in the direction that was asked for', () => {
    expect(floorTo(127n, 10n)).toBe(120n);
    expect(ceilTo(121n, 10n)).toBe(130n);
    expect(ceilTo(120n, 10n)).toBe(120n);
    expect(rescale(1999n, 3, 1)).toBe(19n);
  });

  it('compares across scales', () => {
    expect(compare('1.10', '1.1')).toBe(0);
    expect(compare('1.09', '1.1')).toBe(-1);
    expect(compare('2', '1.99')).toBe(1);
  });

  it('says how much changed, in percent', () => {
    expect(percentChange('64018.4', '63490.6')).toBe('0.83');
    expect(percentChange('99', '100')).toBe('-1.00');
    expect(percentChange('100', '100')).toBe('0.00');
    expect(percentChange('1', '0')).toBeNull();
  });
});
