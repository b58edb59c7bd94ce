import { z } from "zod";
import type { VariableAnswer, VariableQuestion } from "../protocol/messages.ts";
import {
  type ValueMembers,
  type VariableList,
  type VariableMethods,
  valueMembers,
  valueMembersRequest,
  variable,
} from "../protocol/variables.ts";
import { kernelProblem } from "./problems.ts";

/** Puts a question to the living cell process; undefined while there is none. */
type Ask = (question: VariableQuestion) => Promise<VariableAnswer> | undefined;

type Question<T> = T extends unknown ? Omit<T, "id"> : never;

/** What the session knows of its variables: a version that rises when they may have changed, and the list that was read last. */
export class Variables {
  readonly #ask: Ask;
  readonly #changed: (version: number) => void;
  #version = 0;
  #last: VariableList["variables"] = [];
  #asked = 0;

  constructor(ask: Ask, changed: (version: number) => void) {
    this.#ask = ask;
    this.#changed = changed;
  }

  /** Says that variables may have changed. */
  touch(): void {
    this.#changed(++this.#version);
  }

  /** Says that they are gone with their process. */
  clear(): void {
    this.#last = [];
    this.touch();
  }

  /** All variables; while native code holds the cells, those that were read last. */
  async list(): Promise<VariableList> {
    const version = this.#version;
    const found = z.array(variable).safeParse(await this.#put({ ask: "list" }));
    if (found.success && version === this.#version) this.#last = found.data;
    return { version, current: found.success, variables: found.success ? found.data : this.#last };
  }

  /** What lies inside the value at a path. Throws the problems `variables.gone` and `variables.busy`. */
  async children(request: VariableMethods["children"]["params"]): Promise<ValueMembers> {
    const asked = valueMembersRequest.safeParse(request);
    if (!asked.success) throw kernelProblem.badRequest("variables/children", z.prettifyError(asked.error));
    const name = asked.data.path[0]!;
    const answer = await this.#put({ ask: "children", ...asked.data });
    if (answer === "gone") throw kernelProblem.variableGone(name);
    const found = valueMembers.safeParse(answer);
    if (!found.success) throw kernelProblem.variableBusy(name);
    return found.data;
  }

  async #put(question: Question<VariableQuestion>): Promise<unknown> {
    const answer = await this.#ask({ ...question, id: ++this.#asked } as VariableQuestion);
    return answer && ("answer" in answer ? answer.answer : answer.failed);
  }
}
