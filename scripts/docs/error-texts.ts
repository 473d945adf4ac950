import ts from 'typescript';

/** What one file says of its constants: a name to its initialiser, and a name of a destructured tuple to all tuples that it may come from. */
export interface Constants {
  readonly values: ReadonlyMap<string, ts.Expression>;
  readonly tuples: ReadonlyMap<string, { readonly from: readonly ts.ArrayLiteralExpression[]; readonly index: number }>;
}

/** The constants that a function may name: its own, before those of its file. */
export function constantsOf(file: ts.SourceFile, declaration: ts.FunctionDeclaration): Constants {
  const values = new Map<string, ts.Expression>();
  const destructured: [ts.ArrayBindingPattern, ts.Expression][] = [];
  const visit = (child: ts.Node): void => {
    if (ts.isVariableDeclaration(child) && child.initializer !== undefined) {
      if (ts.isIdentifier(child.name)) values.set(child.name.text, child.initializer);
      if (ts.isArrayBindingPattern(child.name)) destructured.push([child.name, child.initializer]);
    }
    ts.forEachChild(child, visit);
  };
  file.statements.filter(ts.isVariableStatement).forEach(visit);
  visit(declaration);
  const tuples: [string, { from: readonly ts.ArrayLiteralExpression[]; index: number }][] = [];
  for (const [pattern, initializer] of destructured) {
    const from = candidates(initializer, values);
    for (const [index, element] of pattern.elements.entries())
      if (ts.isBindingElement(element) && ts.isIdentifier(element.name))
        tuples.push([element.name.text, { from, index }]);
  }
  return { values, tuples: new Map(tuples) };
}

/** Every text that an expression may become: `{name}` stands for a value, `[text]` for what is not always there, `(a | b)` for either. */
export function textsOf(expression: ts.Expression, constants: Constants): readonly string[] {
  const of = (inner: ts.Expression): readonly string[] => textsOf(inner, constants);
  if (ts.isStringLiteralLike(expression)) return [expression.text];
  if (ts.isTemplateExpression(expression)) {
    const spans = expression.templateSpans.map((span) => inline(of(span.expression)) + span.literal.text);
    return [expression.head.text + spans.join('')];
  }
  if (ts.isParenthesizedExpression(expression)) return of(expression.expression);
  if (ts.isConditionalExpression(expression)) return unique([...of(expression.whenTrue), ...of(expression.whenFalse)]);
  if (ts.isBinaryExpression(expression)) {
    const { left, right, operatorToken } = expression;
    if (operatorToken.kind === ts.SyntaxKind.PlusToken && (isText(left) || isText(right)))
      return [inline(of(left)) + inline(of(right))];
    if (operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken) {
      // A value that is given elsewhere says nothing here; its fallback does, where it is more than nothing.
      const fallback = of(right).filter((text) => text !== '');
      const given = of(left).filter((text) => fallback.length === 0 || !/^\{[^{}]*\}$/.test(text));
      return unique([...given, ...fallback]);
    }
  }
  if (ts.isElementAccessExpression(expression)) {
    const table = valueOf(expression.expression, constants.values);
    if (table !== undefined && ts.isObjectLiteralExpression(table)) return unique(initializersOf(table).flatMap(of));
  }
  if (ts.isIdentifier(expression)) {
    const value = constants.values.get(expression.text);
    if (value !== undefined && isText(value)) return of(value);
  }
  return [`{${nameOf(expression)}}`];
}

/** Whether an expression is written as text, so that it can stand in place of the constant that holds it. */
function isText(expression: ts.Expression): boolean {
  if (ts.isParenthesizedExpression(expression)) return isText(expression.expression);
  if (ts.isConditionalExpression(expression)) return isText(expression.whenTrue) || isText(expression.whenFalse);
  if (ts.isBinaryExpression(expression)) return isText(expression.left) || isText(expression.right);
  return ts.isStringLiteralLike(expression) || ts.isTemplateExpression(expression);
}

function inline(texts: readonly string[]): string {
  const some = texts.filter((text) => text !== '');
  if (some.length < texts.length) return `[${some.join(' | ')}]`;
  return some.length === 1 ? (some[0] ?? '') : `(${some.join(' | ')})`;
}

/** What people would call a value: `facts.owner` is owner, `known.join(', ')` is known, `reasonOf(cause)` is cause. */
function nameOf(expression: ts.Expression): string {
  if (ts.isIdentifier(expression)) return expression.text;
  if (ts.isPropertyAccessExpression(expression))
    return expression.name.text === 'length' ? `number of ${nameOf(expression.expression)}` : expression.name.text;
  if (ts.isCallExpression(expression)) {
    const { expression: callee, arguments: given } = expression;
    if (ts.isPropertyAccessExpression(callee)) return nameOf(callee.expression);
    const [first] = given;
    return first === undefined ? nameOf(callee) : nameOf(first);
  }
  if (ts.isElementAccessExpression(expression)) return nameOf(expression.expression);
  if (ts.isBinaryExpression(expression))
    return `${nameOf(expression.left)} ${expression.operatorToken.getText()} ${nameOf(expression.right)}`;
  return expression.getText();
}

/** The tuples that an expression may be: written here, or found in a table of this file. */
function candidates(
  expression: ts.Expression,
  values: ReadonlyMap<string, ts.Expression>,
): readonly ts.ArrayLiteralExpression[] {
  if (ts.isArrayLiteralExpression(expression)) return [expression];
  if (ts.isBinaryExpression(expression))
    return [...candidates(expression.left, values), ...candidates(expression.right, values)];
  const looked =
    ts.isCallExpression(expression) && ts.isPropertyAccessExpression(expression.expression)
      ? expression.expression
      : expression;
  if (!ts.isPropertyAccessExpression(looked) && !ts.isElementAccessExpression(looked)) return [];
  const table = valueOf(looked.expression, values);
  if (table === undefined) return [];
  const entries = ts.isArrayLiteralExpression(table)
    ? [...table.elements]
    : ts.isObjectLiteralExpression(table)
      ? initializersOf(table)
      : [];
  return entries.filter(ts.isArrayLiteralExpression);
}

function valueOf(expression: ts.Expression, values: ReadonlyMap<string, ts.Expression>): ts.Expression | undefined {
  return ts.isIdentifier(expression) ? values.get(expression.text) : undefined;
}

function initializersOf(object: ts.ObjectLiteralExpression): readonly ts.Expression[] {
  return object.properties.filter(ts.isPropertyAssignment).map((property) => property.initializer);
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
