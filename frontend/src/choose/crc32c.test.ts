import { expect, it } from "vitest";
import { crc32c, wire } from "./crc32c.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

it("agrees with the standard's check value", () => {
  expect(crc32c(bytes("123456789"))).toBe(0xe3069283);
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
});

it("is written as Cloud Storage writes it", () => {
  expect(wire(crc32c(bytes("123456789")))).toBe("4waSgw==");
  expect(wire(0)).toBe("AAAAAA==");
});

it("goes on where it stopped", () => {
  expect(crc32c(bytes("6789"), crc32c(bytes("12345")))).toBe(crc32c(bytes("123456789")));
});
