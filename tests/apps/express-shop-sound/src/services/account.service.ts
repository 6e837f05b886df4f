import * as users from "@/repositories/user.repository";

export type Group = "mail" | "display";
export type Name = "language" | "density" | "digest";

export async function setPreference(userId: number, group: Group, name: Name, value: string) {
  const preferences = await users.preferencesOf(userId);
  preferences[group] ??= {};
  preferences[group][name] = value;
  await users.savePreferences(userId, preferences);
}
