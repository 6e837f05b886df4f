//! Class bodies, which are code that runs, as lists of members.

use super::each;

#[test]
fn attributes_read_by_the_body_are_kept_in_hidden_variables() {
    each(&[(
        r#"class View(Base, metaclass=Meta):
    """Documentation is no member."""
    permission_classes = BASE + [IsAdmin]
    strict = permission_classes + [IsOwner]"#,
        r#"(class View extends $Base
  (static field permission_classes (= View.permission_classes (add $BASE [$IsAdmin])))
  (static field strict (add View.permission_classes [$IsOwner])))"#,
    )]);
}

#[test]
fn annotated_fields_may_have_no_value() {
    each(&[(
        r#"class C:
    field: int = 1
    only: "str""#,
        r#"(class C
  (static field field: $int 1)
  (static field only: $str))"#,
    )]);
}

#[test]
fn the_languages_own_decorators_shape_methods() {
    each(&[(
        r#"class C:
    def __init__(self, db): self.db = db
    @property
    def name(self): return self._name
    @name.setter
    def name(self, value): self._name = value
    @staticmethod
    def make(): return C()
    @classmethod
    @cache
    def load(cls, path): return cls(path)"#,
        r#"(class C
  (constructor __init__ (fn __init__ (self db)
    (= self.db db)))
  (get name (fn name (self/2)
    (return self/2._name)))
  (set name (fn name (self/3 value)
    (= self/3._name value)))
  (static method make (arrow make ()
    (return (call C))))
  (@$cache static class-method load (fn load (cls path)
    (return (call cls path)))))"#,
    )]);
}

#[test]
fn methods_read_by_the_body_are_functions() {
    each(&[(
        r#"class C:
    def _get(self): return 1
    value = property(_get)"#,
        r#"(class C
  (method _get (fn _get (self)
    (return 1)))
  (static field value (call $property (fn _get (self)
    (return 1)))))"#,
    )]);
}

#[test]
fn super_is_the_base_side_of_the_receiver() {
    each(&[(
        r#"class C(A):
    def save(self):
        super().save()
        super(C, self).save(1)"#,
        r#"(class C extends $A
  (method save (fn save (self)
    (call super.save)
    (call super.save 1))))"#,
    )]);
}

#[test]
fn inner_classes_are_fields() {
    each(&[(
        r#"class Model:
    class Meta:
        ordering = ["id"]"#,
        r#"(class Model
  (static field Meta (class Meta
    (static field ordering ["id"]))))"#,
    )]);
}

#[test]
fn other_statements_run_as_blocks() {
    each(&[
        (
            r#"class C:
    if DEBUG:
        backend = "a"
    else:
        backend = "b"
    register(backend)"#,
            r#"(class C
  (static run  (arrow ()
    (if $DEBUG
      (= C.backend "a")
      (else
        (= C.backend "b")))))
  (static field backend C.backend)
  (static run  (arrow ()
    (call $register C.backend))))"#,
        ),
        (
            r#"class C:
    first, second = pair()"#,
            r#"(class C
  (static run  (arrow ()
    (= [C.first C.second] (call $pair))))
  (static field first C.first)
  (static field second C.second))"#,
        ),
        (
            r#"class C:
    urls = [1]
    urls += [2]"#,
            r#"(class C
  (static field urls (= C.urls [1]))
  (static run  (arrow ()
    (:= C.urls (add C.urls [2]))))
  (static field urls C.urls))"#,
        ),
        (
            r#"class C:
    from settings import LIMIT
    limit = LIMIT"#,
            r#"(import LIMIT "settings" C.LIMIT)
(class C
  (static field LIMIT C.LIMIT)
  (static field limit C.LIMIT))"#,
        ),
    ]);
}

#[test]
fn class_decorators_are_calls() {
    each(&[(
        r#"@register
@dataclass(frozen=True)
class C: pass"#,
        r#"(class C @$register @(call $dataclass frozen=true))
(= C (decorate (call $dataclass frozen=true) C))
(= C (decorate $register C))"#,
    )]);
}

#[test]
fn comprehensions_in_a_body_see_its_names_in_the_first_iterable_only() {
    each(&[(
        r#"class C:
    x = 1
    ys = [x for x in x if x]
    @staticmethod
    def f(a=x): return x"#,
        r#"(class C
  (static field x (= C.x 1))
  (static field ys (list-of x for x of C.x if x))
  (static method f (arrow f (a=C.x)
    (return $x))))"#,
    )]);
}

#[test]
fn other_decorators_of_methods_stay_with_the_member() {
    each(&[(
        r#"class C:
    @app.get("/x")
    @login
    async def show(self): return 1"#,
        r#"(class C
  (@(call $app.get "/x") @$login method show (fn show async (self)
    (return 1))))"#,
    )]);
}

#[test]
fn hidden_variables_live_in_the_frame_around() {
    each(&[(
        r#"def make():
    class C:
        a = 1
        b = a
    return C"#,
        r#"(function make ()
  (class C
    (static field a (= C.a 1))
    (static field b C.a))
  (return C))"#,
    )]);
}
