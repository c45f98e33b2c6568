export declare const TARGET: string;
export declare function generate(url: string): Promise<string>;
