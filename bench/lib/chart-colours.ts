export const INK = '#1f2328';
export const FAINT = '#59636e';
export const RULE = '#d8dee4';
