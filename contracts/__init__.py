"""The published language of Shaodao: shapes of every event and every question, and who may say and hear them."""
