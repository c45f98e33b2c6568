//! The Rust core as the Python module `bezant_core`, with the contract of `bezant.core.contract`.
//!
//! Bytes in, bytes out, and the lock of the interpreter released meanwhile. Errors are the reference's
//! own classes; a broken invariant arrives as `InvariantViolation`. Not for rules: they are in
//! `bezant-core`.

#![forbid(unsafe_code)]

use std::hash::{BuildHasher, Hasher, RandomState};
use std::panic::{catch_unwind, AssertUnwindSafe};

use ::bezant_core::codec::Malformed;
use ::bezant_core::engine::{self, Fault};
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

/// The engine in Rust.
#[pyclass(module = "bezant_core")]
struct Engine {
    engine: engine::Engine,
    is_broken: bool, // After a broken invariant nothing may be asked any more.
}

#[pymethods]
impl Engine {
    #[new]
    #[pyo3(signature = (shard = 0))]
    fn new(shard: i64) -> PyResult<Self> {
        let engine = u64::try_from(shard).ok().and_then(engine::Engine::new);
        match engine {
            Some(engine) => Ok(Self {
                engine: engine.keyed(RandomState::new().build_hasher().finish()),
                is_broken: false,
            }),
            None => Err(PyValueError::new_err(format!(
                "shard {shard} is not one of 0 to 15"
            ))),
        }
    }

    #[getter]
    fn seq(&self) -> u64 {
        self.engine.seq()
    }

    #[getter]
    fn ts_ns(&self) -> i64 {
        self.engine.ts_ns()
    }

    #[getter]
    fn rules(&self) -> u32 {
        self.engine.rules()
    }

    fn apply<'py>(
        &mut self,
        py: Python<'py>,
        ts_ns: i64,
        seq_first: u64,
        entries: &[u8],
    ) -> PyResult<Bound<'py, PyBytes>> {
        match self.run(py, |engine| engine.apply(ts_ns, seq_first, entries))? {
            Ok(outcomes) => Ok(PyBytes::new(py, &outcomes)),
            Err(Fault::Malformed(error)) => Err(malformed(py, &error)),
            Err(fault) => Err(PyValueError::new_err(fault.to_string())),
        }
    }

    fn query<'py>(&mut self, py: Python<'py>, question: &[u8]) -> PyResult<Bound<'py, PyBytes>> {
        match self.run(py, |engine| engine.query(question))? {
            Ok(answer) => Ok(PyBytes::new(py, &answer)),
            Err(error) => Err(malformed(py, &error)),
        }
    }

    fn next_deadline(&mut self, py: Python<'_>) -> PyResult<i64> {
        self.run(py, engine::Engine::next_deadline)
    }

    fn snapshot<'py>(&mut self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let raw = self.run(py, |engine| engine.snapshot())?;
        Ok(PyBytes::new(py, &raw))
    }

    fn restore(&mut self, py: Python<'_>, snapshot: &[u8]) -> PyResult<()> {
        self.run(py, |engine| engine.restore(snapshot))?
            .map_err(|error| malformed(py, &error))
    }

    fn digest<'py>(&mut self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let digest = self.run(py, |engine| engine.digest())?;
        Ok(PyBytes::new(py, &digest))
    }
}

impl Engine {
    /// Runs a call without the interpreter's lock; a panic is a broken invariant.
    fn run<T: Send>(
        &mut self,
        py: Python<'_>,
        call: impl FnOnce(&mut engine::Engine) -> T + Send,
    ) -> PyResult<T> {
        if self.is_broken {
            return Err(PyRuntimeError::new_err(
                "an invariant was broken: stop the process",
            ));
        }
        let engine = &mut self.engine;
        let done = py.detach(|| catch_unwind(AssertUnwindSafe(|| call(engine))));
        done.map_err(|panic| {
            self.is_broken = true;
            let text = panic.downcast_ref::<String>().cloned();
            let text = text.or_else(|| panic.downcast_ref::<&str>().map(|&text| text.to_owned()));
            let text = text.unwrap_or_else(|| "the engine panicked".to_owned());
            reference_error(py, "bezant.core.contract", "InvariantViolation", &text)
        })
    }
}

fn malformed(py: Python<'_>, error: &Malformed) -> PyErr {
    reference_error(py, "bezant.core.codec", "MalformedMessage", error.0)
}

/// Returns an error of a class that the reference core has.
fn reference_error(py: Python<'_>, module: &str, class: &str, text: &str) -> PyErr {
    let made = py
        .import(module)
        .and_then(|module| module.getattr(class))
        .and_then(|class| class.call1((text,)));
    match made {
        Ok(error) => PyErr::from_value(error),
        Err(missing) => missing,
    }
}

#[pymodule]
fn bezant_core(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<Engine>()
}
