import { describe, expect, it } from 'vitest';
import { grouped, readTyped, short, splitZeros } from './numbers';

describe('numbers as people read them', () => {
  it('separates thousands and keeps every digit', () => {
    expect(grouped('9007199254740993.120')).toBe('9,007,199,254,740,993.120');
    expect(grouped('-1234.5')).toBe('−1,234.5');
    expect(grouped('999')).toBe('999');
  });

  it('finds the zeros that only hold the column', () => {
    expect(splitZeros('63,900.0')).toEqual(['63,900', '.0']);
    expect(splitZeros('0.40000')).toEqual(['0.4', '0000']);
    expect(splitZeros('100')).toEqual(['100', '']);
    expect(splitZeros('1.23')).toEqual(['1.23', '']);
  });

  it('shortens only what is large', () => {
    expect(short('82241234.5')).toBe('82.2 M');
    expect(short('1284.61')).toBe('1,284.61');
    expect(short('1234567890123')).toBe('1.2 T');
  });
});

describe('what someone typed', () => {
  it.each([
    ['.5', '0.5'],
    ['200,01', '200.01'],
    ['1,234.50', '1234.50'],
    ['1.234,50', '1234.50'],
    ['1,234,567', '1234567'],
    ['63,900', '63900'],
    ['0,125', '0.125'],
    ['63,9001', '63.9001'],
    ['007', '7'],
    ['0', '0'],
    ['12.', '12'],
    [' 1 000 ', '1000'],
    ['.004', '0.004'],
  ])('%j is read as %s', (typed, plain) => {
    expect(readTyped(typed)).toBe(plain);
  });

  it.each(['', '.', 'abc', '1e5', '-1', '1.2.3', '--', '1,2,3.4.5'])('%j is no number', (typed) => {
    expect(readTyped(typed)).toBeNull();
  });
});
