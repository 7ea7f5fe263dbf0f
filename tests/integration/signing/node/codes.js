// What two libraries of authenticator apps make of an otpauth: address: their codes at given seconds since 1970.
import * as OTPAuth from 'otpauth';
import { generateSync } from 'otplib';

const { address, seconds } = JSON.parse(process.argv[2]);
const read = OTPAuth.URI.parse(address);
const secret = read.secret.base32;
console.log(JSON.stringify({
  issuer: read.issuer,
  label: read.label,
  otpauth: seconds.map((at) => read.generate({ timestamp: at * 1000 })),
  otplib: seconds.map((at) => generateSync({ secret, strategy: 'totp', epoch: at })),
}));
