/** A frame on a picture: where it goes when it is moved, made larger or smaller, or pulled at a corner. All in pixels of the picture. */

import type { Box, Crop } from "./prepared.ts";

export type Size = { readonly width: number; readonly height: number };
export type Shape = "square" | "free";
export type Corner = "topLeft" | "topRight" | "bottomLeft" | "bottomRight";

/** `least`: the shortest side that it may have. */
export type Rules = { readonly picture: Size; readonly shape: Shape; readonly least: number };

/** The largest square in the middle: what a model would see of the picture anyway. */
export function middle({ width, height }: Size): Box {
  const side = Math.min(width, height);
  return { x: Math.round((width - side) / 2), y: Math.round((height - side) / 2), width: side, height: side };
}

export function moved(box: Box, right: number, down: number, { picture }: Rules): Box {
  return { ...box, x: between(box.x + right, 0, picture.width - box.width), y: between(box.y + down, 0, picture.height - box.height) };
}

/** Larger or smaller by so many pixels of its width, around its middle, in its own proportions. */
export function grown(box: Box, by: number, rules: Rules): Box {
  const { picture, least } = rules;
  const largest = Math.min(picture.width / box.width, picture.height / box.height);
  const smallest = Math.min(1, least / Math.min(box.width, box.height));
  const scale = Math.max(smallest, Math.min(largest, (box.width + by) / box.width));
  const [width, height] = [Math.round(box.width * scale), Math.round(box.height * scale)];
  return moved({ x: box.x, y: box.y, width, height }, Math.round((box.width - width) / 2), Math.round((box.height - height) / 2), rules);
}

/** One corner follows the pointer, the opposite one stays. */
export function pulled(box: Box, corner: Corner, right: number, down: number, rules: Rules): Box {
  const [onLeft, onTop] = [corner.endsWith("Left"), corner.startsWith("top")];
  const room = {
    width: onLeft ? box.x + box.width : rules.picture.width - box.x,
    height: onTop ? box.y + box.height : rules.picture.height - box.y,
  };
  const wanted = { width: box.width + (onLeft ? -right : right), height: box.height + (onTop ? -down : down) };
  const { width, height } = sized(wanted, room, rules);
  return { x: onLeft ? box.x + box.width - width : box.x, y: onTop ? box.y + box.height - height : box.y, width, height };
}

/** With a number that was typed; a square keeps being one. */
export function typed(box: Box, field: keyof Box, value: number, rules: Rules): Box {
  if (field === "x") return moved(box, value - box.x, 0, rules);
  if (field === "y") return moved(box, 0, value - box.y, rules);
  const wanted = rules.shape === "square" ? { width: value, height: value } : { ...box, [field]: value };
  return moved({ ...box, ...sized(wanted, rules.picture, rules) }, 0, 0, rules);
}

/** As it becomes when the shape is changed: a square inside of it. */
export function shaped(box: Box, rules: Rules): Box {
  if (rules.shape === "free") return box;
  const side = Math.max(Math.min(box.width, box.height), Math.min(rules.least, rules.picture.width, rules.picture.height));
  return moved({ ...box, width: side, height: side }, Math.round((box.width - side) / 2), Math.round((box.height - side) / 2), rules);
}

function sized(wanted: Size, room: Size, { shape, least }: Rules): Size {
  if (shape === "square") {
    const most = Math.min(room.width, room.height);
    const side = between(Math.max(wanted.width, wanted.height), Math.min(least, most), most);
    return { width: side, height: side };
  }
  return {
    width: between(wanted.width, Math.min(least, room.width), room.width),
    height: between(wanted.height, Math.min(least, room.height), room.height),
  };
}

export function cropOf({ x, y, width, height }: Box, picture: Size): Crop {
  return { left: x / picture.width, top: y / picture.height, width: width / picture.width, height: height / picture.height };
}

function between(value: number, least: number, most: number): number {
  return Math.round(Math.max(least, Math.min(most, value)));
}
