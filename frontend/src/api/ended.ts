import { shallowRef } from "vue";

/** Whether the server has said that the sign-in is over, and nobody has signed in again since. */
export const ended = shallowRef(false);
