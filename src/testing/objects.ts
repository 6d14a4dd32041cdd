import type { Instance } from '../instance/shape.ts';

/** The section of an instance file that holds the objects of each type. */
const sections = {
  Opportunity: 'opportunities',
  OpportunityPersonRole: 'roles',
  Program: 'programs',
  Company: 'companies',
  Lead: 'leads',
} as const satisfies Record<string, keyof Instance>;

/** A type of objects that the server stores. */
export type ObjectType = keyof typeof sections;

/** An object as the instance file writes it. */
export type ObjectOf<Type extends ObjectType> = NonNullable<Instance[(typeof sections)[Type]]>[number];

/** Returns the objects of a type. Throws `TypeError` for another type. */
export function objectsOf<Type extends ObjectType>(instance: Instance, type: Type): ObjectOf<Type>[] {
  if (!Object.hasOwn(sections, type)) {
    throw new TypeError(`objects: type "${type}"; expected one of ${Object.keys(sections).join(', ')}`);
  }
  return (instance[sections[type]] ?? []) as ObjectOf<Type>[];
}
