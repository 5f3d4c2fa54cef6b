import { parse, type Entry, type Message, SelectExpression, Transformer, Visitor, type VariableReference } from '@fluent/syntax';
