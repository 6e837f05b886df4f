//! TypeScript's types as expressions, and the declarations that make them.

use oxc_ast::ast::{self, TSLiteral, TSSignature, TSType, TSTypeName};
use oxc_span::GetSpan;

use super::lower::{Lower, span};
use super::scope::Space;
use crate::ir::{
    ArrayStyle, BinaryOp, ClassId, ClassMember, Const, Expr, ExprId, Item, List, MemberKind, Span, Stmt, UnaryOp,
    VarId, VarKind,
};

impl Lower<'_> {
    pub fn annotation(&mut self, it: &TSType<'_>) -> ExprId {
        let at = span(it.span());
        let id = if self.sink(at) { self.annotation_here(it, at) } else { self.add(Expr::Opaque(List::default()), at) };
        self.rise();
        id
    }

    fn annotation_here(&mut self, it: &TSType<'_>, at: Span) -> ExprId {
        match it {
            TSType::TSTypeReference(it) => self.type_with_arguments(&it.type_name, it.type_arguments.as_deref(), at),
            TSType::TSArrayType(it) => {
                let object = self.free("Array", at);
                let index = self.annotation(&it.element_type);
                self.add(Expr::Index { object, index }, at)
            }
            TSType::TSUnionType(it) => self.type_operators(BinaryOp::BitOr, &it.types),
            TSType::TSIntersectionType(it) => self.type_operators(BinaryOp::BitAnd, &it.types),
            TSType::TSLiteralType(it) => self.literal_type(&it.literal, at),
            TSType::TSTypeLiteral(it) => {
                let class = self.object_type(None, &it.members, at, at);
                self.add(Expr::Class(class), at)
            }
            TSType::TSTupleType(it) => self.tuple_type(it),
            TSType::TSNamedTupleMember(it) => self.tuple_element(&it.element_type),
            TSType::TSIndexedAccessType(it) => {
                let object = self.annotation(&it.object_type);
                let index = self.annotation(&it.index_type);
                self.add(Expr::Index { object, index }, at)
            }
            TSType::TSTypeQuery(it) => self.type_query(it),
            TSType::TSImportType(it) => self.import_type(it),
            TSType::TSParenthesizedType(it) => self.annotation(&it.type_annotation),
            TSType::TSTypeOperatorType(it) => {
                let inner = self.annotation(&it.type_annotation);
                match it.operator {
                    ast::TSTypeOperatorOperator::Keyof => self.opaque_type(inner, at),
                    _ => inner,
                }
            }
            TSType::TSThisType(_) => self.add(Expr::This, at),
            TSType::JSDocNullableType(it) => self.annotation(&it.type_annotation),
            TSType::JSDocNonNullableType(it) => self.annotation(&it.type_annotation),
            _ => self.type_word(it, at),
        }
    }

    /// Types that are one word, and those whose inside is of no use here.
    fn type_word(&mut self, it: &TSType<'_>, at: Span) -> ExprId {
        let word = match it {
            TSType::TSStringKeyword(_) | TSType::TSTemplateLiteralType(_) => "string",
            TSType::TSNumberKeyword(_) => "number",
            TSType::TSBooleanKeyword(_) | TSType::TSTypePredicate(_) => "boolean",
            TSType::TSBigIntKeyword(_) => "bigint",
            TSType::TSSymbolKeyword(_) => "symbol",
            TSType::TSObjectKeyword(_) | TSType::TSMappedType(_) => "object",
            TSType::TSAnyKeyword(_) => "any",
            TSType::TSUnknownKeyword(_) => "unknown",
            TSType::TSNeverKeyword(_) => "never",
            TSType::TSVoidKeyword(_) => "void",
            TSType::TSFunctionType(_) | TSType::TSConstructorType(_) => "Function",
            TSType::TSNullKeyword(_) => return self.add(Expr::Const(Const::Null), at),
            TSType::TSUndefinedKeyword(_) => return self.add(Expr::Const(Const::Undefined), at),
            _ => return self.add(Expr::Opaque(List::default()), at),
        };
        self.free(word, at)
    }

    fn opaque_type(&mut self, inner: ExprId, at: Span) -> ExprId {
        let parts = self.module.make_exprs(&[inner]);
        self.add(Expr::Opaque(parts), at)
    }

    fn type_operators(&mut self, op: BinaryOp, types: &[TSType<'_>]) -> ExprId {
        let mut whole: Option<ExprId> = None;
        for part in types {
            let right = self.annotation(part);
            whole = Some(match whole {
                None => right,
                Some(left) => {
                    let at = Span::new(self.module.expr_span(left).start, part.span().end);
                    self.add(Expr::Binary { op, left, right }, at)
                }
            });
        }
        whole.unwrap_or_else(|| self.add(Expr::Opaque(List::default()), Span::default()))
    }

    fn literal_type(&mut self, it: &TSLiteral<'_>, at: Span) -> ExprId {
        match it {
            TSLiteral::BooleanLiteral(it) => self.add(Expr::Const(Const::Bool(it.value)), at),
            TSLiteral::NumericLiteral(it) => self.add(Expr::Const(Const::Number(it.value)), at),
            TSLiteral::BigIntLiteral(it) => self.big_int(it),
            TSLiteral::StringLiteral(it) => self.text_const(it.value.as_str(), at),
            TSLiteral::TemplateLiteral(it) => self.template(it),
            TSLiteral::UnaryExpression(it) => match &it.argument {
                ast::Expression::NumericLiteral(number) => self.add(Expr::Const(Const::Number(-number.value)), at),
                _ => self.add(Expr::Opaque(List::default()), at),
            },
        }
    }

    fn tuple_type(&mut self, it: &ast::TSTupleType<'_>) -> ExprId {
        let mut items = Vec::with_capacity(it.element_types.len());
        for element in &it.element_types {
            items.push(Item { value: Some(self.tuple_element(element)), spread: false });
        }
        let items = self.module.make_items(&items);
        self.add(Expr::Array { style: ArrayStyle::Tuple, items }, span(it.span))
    }

    fn tuple_element(&mut self, it: &ast::TSTupleElement<'_>) -> ExprId {
        match it {
            ast::TSTupleElement::TSOptionalType(it) => self.annotation(&it.type_annotation),
            ast::TSTupleElement::TSRestType(it) => self.annotation(&it.type_annotation),
            _ => self.annotation(it.to_ts_type()),
        }
    }

    /// `Name`, `Name<A>` as an index, `Name<A, B>` as an index by a tuple.
    pub fn type_with_arguments(
        &mut self,
        name: &TSTypeName<'_>,
        arguments: Option<&ast::TSTypeParameterInstantiation<'_>>,
        at: Span,
    ) -> ExprId {
        let object = self.type_name(name);
        let Some(arguments) = arguments else { return object };
        let index = match arguments.params.as_slice() {
            [] => return object,
            [only] => self.annotation(only),
            many => {
                let mut items = Vec::with_capacity(many.len());
                for it in many {
                    items.push(Item { value: Some(self.annotation(it)), spread: false });
                }
                let items = self.module.make_items(&items);
                self.add(Expr::Array { style: ArrayStyle::Tuple, items }, span(arguments.span))
            }
        };
        self.add(Expr::Index { object, index }, at)
    }

    fn type_name(&mut self, outermost: &TSTypeName<'_>) -> ExprId {
        let mut links = Vec::new();
        let mut it = outermost;
        let mut object = loop {
            match it {
                TSTypeName::QualifiedName(name) => {
                    links.push(name);
                    it = &name.left;
                }
                TSTypeName::IdentifierReference(id) => {
                    let expr = self.resolve_type(id.name.as_str());
                    break self.add(expr, span(id.span));
                }
                TSTypeName::ThisExpression(it) => break self.add(Expr::This, span(it.span)),
            }
        };
        for link in links.into_iter().rev() {
            let name = self.name(link.right.name.as_str());
            object = self.add(Expr::Member { object, name, optional: false }, span(link.span));
        }
        object
    }

    /// A name in an annotation is a type's, else a value's: classes, enums and imports are both.
    fn resolve_type(&mut self, text: &str) -> Expr {
        let name = self.name(text);
        if self.scopes.is_hidden_type(name) {
            return Expr::Free(name);
        }
        match self.scopes.get(Space::Type, name).or_else(|| self.scopes.get(Space::Value, name)) {
            Some(var) => Expr::Var(self.used(var)),
            None => Expr::Free(name),
        }
    }

    /// Type parameters hide the types of their names until the scope ends.
    pub fn hide_type_parameters(&mut self, parameters: Option<&ast::TSTypeParameterDeclaration<'_>>) {
        for it in parameters.iter().flat_map(|it| &it.params) {
            let name = self.name(it.name.name.as_str());
            self.scopes.hide_type(name);
        }
    }

    /// `typeof value` where a type stands.
    fn type_query(&mut self, it: &ast::TSTypeQuery<'_>) -> ExprId {
        let operand = match &it.expr_name {
            ast::TSTypeQueryExprName::TSImportType(it) => self.import_type(it),
            name => self.value_name(name.to_ts_type_name()),
        };
        self.add(Expr::Unary { op: UnaryOp::TypeOf, operand }, span(it.span))
    }

    /// As [`Lower::type_name`], for a name that stands for a value.
    pub fn value_name(&mut self, name: &TSTypeName<'_>) -> ExprId {
        match name {
            TSTypeName::IdentifierReference(id) => {
                let expr = self.resolve(id.name.as_str());
                self.add(expr, span(id.span))
            }
            _ => self.type_name(name),
        }
    }

    fn import_type(&mut self, it: &ast::TSImportType<'_>) -> ExprId {
        let at = span(it.span);
        let import = self.import_of(it.source.value.as_str(), true, span(it.source.span));
        let mut object = self.add(Expr::Import(import), at);
        let mut names = Vec::new();
        let mut qualifier = it.qualifier.as_ref();
        while let Some(it) = qualifier {
            qualifier = match it {
                ast::TSImportTypeQualifier::Identifier(it) => {
                    names.push(it.name);
                    None
                }
                ast::TSImportTypeQualifier::QualifiedName(it) => {
                    names.push(it.right.name);
                    Some(&it.left)
                }
            };
        }
        for name in names.into_iter().rev() {
            let name = self.name(name.as_str());
            object = self.add(Expr::Member { object, name, optional: false }, at);
        }
        object
    }

    pub fn interface(&mut self, it: &ast::TSInterfaceDeclaration<'_>) {
        let (at, name_at) = (span(it.span), span(it.id.span));
        let var = self.declare(Space::Type, it.id.name.as_str(), VarKind::Class, name_at);
        let scope = self.scopes.enter();
        self.hide_type_parameters(it.type_parameters.as_deref());
        let class = self.object_type(Some(var), &it.body.body, at, name_at);
        let start = self.exprs.len();
        for base in &it.extends {
            let base = self.type_with_arguments(&base.type_name, base.type_arguments.as_deref(), span(base.span));
            self.exprs.push(base);
        }
        let bases = self.take_exprs(start);
        self.scopes.leave(scope);
        self.module.classes[class.index()].bases = bases;
        self.push(Stmt::Class { var, class }, at);
    }

    /// An alias is a type with the members its literal parts have, based on its other parts.
    pub fn alias(&mut self, it: &ast::TSTypeAliasDeclaration<'_>) {
        let (at, name_at) = (span(it.span), span(it.id.span));
        let var = self.declare(Space::Type, it.id.name.as_str(), VarKind::Class, name_at);
        let parts = match &it.type_annotation {
            TSType::TSIntersectionType(it) => it.types.as_slice(),
            only => std::slice::from_ref(only),
        };
        let mut members = Vec::new();
        let scope = self.scopes.enter();
        self.hide_type_parameters(it.type_parameters.as_deref());
        let class = self.reserve_class(Some(self.module.var(var).name), at, name_at);
        let start = self.exprs.len();
        for part in parts {
            if let TSType::TSTypeLiteral(it) = part {
                self.signatures(&it.members, &mut members);
            } else {
                let base = self.annotation(part);
                self.exprs.push(base);
            }
        }
        let bases = self.take_exprs(start);
        self.scopes.leave(scope);
        let members = self.module.make_members(&members);
        let class_made = &mut self.module.classes[class.index()];
        class_made.bases = bases;
        class_made.members = members;
        class_made.type_only = true;
        self.push(Stmt::Class { var, class }, at);
    }

    fn object_type(&mut self, var: Option<VarId>, signatures: &[TSSignature<'_>], at: Span, name_at: Span) -> ClassId {
        let name = var.map(|it| self.module.var(it).name);
        let class = self.reserve_class(name, at, name_at);
        let mut members = Vec::with_capacity(signatures.len());
        self.signatures(signatures, &mut members);
        let members = self.module.make_members(&members);
        let it = &mut self.module.classes[class.index()];
        it.members = members;
        it.type_only = true;
        class
    }

    fn signatures(&mut self, signatures: &[TSSignature<'_>], members: &mut Vec<ClassMember>) {
        for signature in signatures {
            let (key, kind, annotation, at) = match signature {
                TSSignature::TSPropertySignature(it) => {
                    (&it.key, MemberKind::Field, it.type_annotation.as_deref(), it.span)
                }
                TSSignature::TSMethodSignature(it) => {
                    let kind = match it.kind {
                        ast::TSMethodSignatureKind::Method => MemberKind::Method,
                        ast::TSMethodSignatureKind::Get => MemberKind::Getter,
                        ast::TSMethodSignatureKind::Set => MemberKind::Setter,
                    };
                    (&it.key, kind, it.return_type.as_deref(), it.span)
                }
                _ => continue,
            };
            members.push(ClassMember {
                key: self.key(key),
                kind,
                is_static: false,
                on_class: false,
                value: None,
                annotation: annotation.map(|it| self.annotation(&it.type_annotation)),
                decorators: List::default(),
                span: span(at),
            });
        }
    }
}
