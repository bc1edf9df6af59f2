BEGIN TRANSACTION;
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE functions (
	file VARCHAR(250) NOT NULL, 
	name TEXT NOT NULL, 
	stamp TEXT NOT NULL, 
	words INTEGER NOT NULL, 
	verdict VARCHAR(20) NOT NULL, 
	broken TEXT, 
	saved TEXT NOT NULL, 
	PRIMARY KEY (file)
);
INSERT INTO "functions" VALUES('阶乘','阶乘','1795797358070288329:121 1795797358095087119:881',8,'agreed',NULL,'{"name": "阶乘", "file": "阶乘", "source": "def 阶乘(n: int) -> int:\n    \"\"\"n 的阶乘。\n\n    n：正整数\n    \"\"\"\n    return 1 if n < 2 else n * 阶乘(n - 1)\n", "signature": "(n: int) -> int", "summary": "n 的阶乘。", "description": "n 的阶乘。", "parameters": {"type": "object", "properties": {"n": {"type": "integer", "description": "正整数"}}, "required": ["n"], "additionalProperties": false}, "returns": {"type": "integer"}, "origin": "generated", "language": "zh", "verdict": "agreed", "probability": 0.9, "model": "qwen2.5-coder-1.5b", "evidence": [{"call": "阶乘(5)", "candidates": 3, "got": "120", "kind": "agreement"}], "origins": [{"text": "给定一个正整数 n，输出 n 的阶乘。", "arguments": {"n": 5}, "template": null, "at": "2026-11-27T16:35:58.043395+00:00"}, {"text": "6 的阶乘", "arguments": {"n": 6}, "template": "{n} 的阶乘", "at": "2026-11-27T16:35:58.094302+00:00"}], "aliases": [], "granted": {}, "created": "2026-11-27T16:35:58.057743+00:00", "updated": "2026-11-27T16:35:58.094599+00:00", "sha256": "4606ef567633e573617e636d9de270ed45052ad82f6ae491c58a8d35f544cb3f", "code": "5417300ef1fa5506e9d8a0c2a23e783bee1dad3f0ed33d1ff68967884a40c105", "edited": false, "problem": null, "warning": null, "path": null}');
INSERT INTO "functions" VALUES('price_with_tax','price_with_tax','1795797358116294416:182 1795797358113260083:546',3,'tested',NULL,'{"name": "price_with_tax", "file": "price_with_tax", "source": "def price_with_tax(price: float, rate: float = 0.13) -> float:\n    \"\"\"The price with tax.\n\n    >>> price_with_tax(100, 0.2)\n    120.0\n    \"\"\"\n    return round(price * (1 + rate), 2)\n", "signature": "(price: float, rate: float = 0.13) -> float", "summary": "The price with tax.", "description": "The price with tax.", "parameters": {"type": "object", "properties": {"price": {"type": "number"}, "rate": {"type": "number", "default": 0.13}}, "required": ["price"], "additionalProperties": false}, "returns": {"type": "number"}, "origin": "given", "language": "en", "verdict": "tested", "probability": null, "model": null, "evidence": [{"call": "price_with_tax(100, 0.2)", "expected": "120.0", "got": "120.0", "kind": "example", "passed": true}], "origins": [], "aliases": [], "granted": {}, "created": "2026-11-27T16:35:58.112926+00:00", "updated": "2026-11-27T16:35:58.112926+00:00", "sha256": "0b56c108681f5ae90a7fb9b7a402fda88bd1a80a00075017cda9637c0e3e8a42", "code": "a2141a58e78081aa79d75587d852272e00183f464b627be2dd0bde77224d871f", "edited": false, "problem": null, "warning": null, "path": null}');
INSERT INTO "functions" VALUES('doubled','doubled','1795797358160756912:45 1795797358148759252:1156',2,'proven',NULL,'{"name": "doubled", "file": "doubled", "source": "def doubled(x: int) -> int:\n    return 2 * x\n", "signature": "(x: int) -> int", "summary": "", "description": "", "parameters": {"type": "object", "properties": {"x": {"type": "integer"}}, "required": ["x"], "additionalProperties": false}, "returns": {"type": "integer"}, "origin": "generated", "language": "en", "verdict": "proven", "probability": null, "model": null, "evidence": [], "origins": [{"text": "twice 4", "arguments": {"x": 4}, "template": null, "at": "2026-11-27T16:35:58.146406+00:00"}], "aliases": [], "granted": {}, "created": "2026-11-27T16:35:58.147559+00:00", "updated": "2026-11-27T16:35:58.147559+00:00", "sha256": "75b4c0c404f29e3b88a87f06243bc60776407438899eba0a0e06de833b3cd91d", "code": "588db1a8799f01bf555e5721e86e2bfd161c36ce43da89e36085da71662ec9fa", "edited": false, "problem": null, "warning": null, "path": null}');
CREATE TABLE meta (
	"key" VARCHAR(100) NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY ("key")
);
INSERT INTO "meta" VALUES('arrangement','3');
INSERT INTO "meta" VALUES('runs','2');
INSERT INTO "meta" VALUES('model_calls_avoided','0');
CREATE TABLE runs (
	id INTEGER NOT NULL, 
	at VARCHAR(40) NOT NULL, 
	text TEXT NOT NULL, 
	function TEXT, 
	kind VARCHAR(20), 
	status VARCHAR(20), 
	seconds FLOAT, 
	prompt_tokens INTEGER, 
	generated_tokens INTEGER, 
	model_calls_avoided INTEGER, 
	outcome TEXT, 
	PRIMARY KEY (id)
);
INSERT INTO "runs" VALUES(1,'2026-11-27T16:35:58.174347+00:00','给定一个正整数 n，输出 n 的阶乘。','阶乘','function','ok',2.11,900,40,0,'{"kind":"function","function":{"name":"阶乘"},"result":{"status":"ok"},"seconds":{"detect":0.1,"generate":2.0,"execute":0.01},"tokens":{"prompt":900,"generated":40},"cost":{"model_calls_avoided":0}}');
INSERT INTO "runs" VALUES(2,'2026-11-27T16:35:58.174778+00:00','an old run',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'{}');
CREATE TABLE templates (
	digest VARCHAR(64) NOT NULL, 
	file VARCHAR(250) NOT NULL, 
	anchor VARCHAR(20) NOT NULL, 
	at VARCHAR(40) NOT NULL, 
	template TEXT NOT NULL, 
	PRIMARY KEY (digest, file)
);
INSERT INTO "templates" VALUES('d3a5987651788c96678c9ba46cedcc41179d07bf7163f9973b4fca2c84fae336','阶乘','的阶乘','2026-11-27T16:35:58.094302+00:00','[["n"], ["", "的阶乘"]]');
CREATE TABLE terms (
	term VARCHAR(250) NOT NULL, 
	file VARCHAR(250) NOT NULL, 
	weight FLOAT NOT NULL, 
	PRIMARY KEY (term, file)
);
INSERT INTO "terms" VALUES('阶乘','阶乘',1.0);
INSERT INTO "terms" VALUES('阶','阶乘',1.0);
INSERT INTO "terms" VALUES('乘','阶乘',1.0);
INSERT INTO "terms" VALUES('正整','阶乘',1.0);
INSERT INTO "terms" VALUES('整数','阶乘',1.0);
INSERT INTO "terms" VALUES('正','阶乘',1.0);
INSERT INTO "terms" VALUES('整','阶乘',1.0);
INSERT INTO "terms" VALUES('数','阶乘',1.0);
INSERT INTO "terms" VALUES('pric','price_with_tax',1.0);
INSERT INTO "terms" VALUES('tax','price_with_tax',1.0);
INSERT INTO "terms" VALUES('rat','price_with_tax',0.7);
INSERT INTO "terms" VALUES('doubl','doubled',1.0);
INSERT INTO "terms" VALUES('twic','doubled',1.0);
CREATE TABLE texts (
	digest VARCHAR(64) NOT NULL, 
	file VARCHAR(250) NOT NULL, 
	at VARCHAR(40) NOT NULL, 
	text TEXT NOT NULL, 
	arguments TEXT, 
	PRIMARY KEY (digest, file)
);
INSERT INTO "texts" VALUES('a784adb2308d6ea219358f90f0f8d158f3c6bc1e9a3ce49015e89c39bdce8fdc','阶乘','2026-11-27T16:35:58.043395+00:00','给定一个正整数 n，输出 n 的阶乘。','{"n": 5}');
INSERT INTO "texts" VALUES('fb3115c4698e504c4ee37c034f0832022566bea6f62c1c95dca6bd044f26c98d','阶乘','2026-11-27T16:35:58.094302+00:00','6 的阶乘','{"n": 6}');
INSERT INTO "texts" VALUES('0113a89ffeefa7d8f3095c31295a5ec8f7f7e57ed88ed46aee4727d3c1e87a64','doubled','2026-11-27T16:35:58.146406+00:00','twice 4','{"x": 4}');
CREATE INDEX ix_functions_name ON functions (name);
CREATE INDEX ix_templates_anchor ON templates (anchor);
CREATE INDEX ix_templates_file ON templates (file);
CREATE INDEX ix_terms_file ON terms (file);
CREATE INDEX ix_texts_file ON texts (file);
COMMIT;
