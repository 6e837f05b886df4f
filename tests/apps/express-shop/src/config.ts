function required(name: string): string {
  const value = process.env[name];
  if (!value) {
    throw new Error(`${name} is required`);
  }
  return value;
}

export const config = {
  port: Number(process.env.PORT ?? 3000),
  publicUrl: required("PUBLIC_URL"),
  databaseUrl: required("DATABASE_URL"),
  smtpHost: required("SMTP_HOST"),
  smtpUser: required("SMTP_USER"),
  smtpPassword: "t9Kx2vLq8ZrWm4Bd", // expect: hardcoded-secret
  allowedOrigins: required("ALLOWED_ORIGINS").split(","),
  jwtPrivateKey: required("JWT_PRIVATE_KEY"),
  jwtPublicKey: required("JWT_PUBLIC_KEY"),
  mediaRoot: process.env.MEDIA_ROOT ?? "/srv/shop/media",
};
