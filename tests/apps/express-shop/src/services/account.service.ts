import * as users from "@/repositories/user.repository";

export async function setPreference(userId: number, group: string, name: string, value: string) {
  const preferences = await users.preferencesOf(userId);
  preferences[group] ??= {};
  preferences[group][name] = value; // expect: prototype-pollution
  await users.savePreferences(userId, preferences);
}
