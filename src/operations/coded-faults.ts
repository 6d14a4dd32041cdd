import { CodedRefusal } from '../rules/refusal.ts';

/** Carries out a call; a refusal with a code ends it with the fault of that code. */
export async function refusalsAreFaults<Answer>(perform: () => Promise<Answer>): Promise<Answer> {
  try {
    return await perform();
  } catch (error) {
    throw error instanceof CodedRefusal ? error.fault() : error;
  }
}
