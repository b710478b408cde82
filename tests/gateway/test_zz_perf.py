import asyncio, json, time, gc
from tests.gateway import world
from tests.gateway.client import Caller, envelope
async def test_perf(caller: Caller, platform):
    async with platform.pool.acquire() as c:
        await c.execute("""INSERT INTO catalog_item (code, from_on, name, kind, list_type, chrgitm_lv, charge_type, spec, unit, dosform, maker,
        restricted, restriction, account_allowed, base_drug, negotiated, child_drug, prescription_only, version, generic_name)
        SELECT 'XA'||lpad(n::text,18,'0'), '2023-01-01', '测试复方氨酚烷胺'||n||'片', 'drug','101','02','09','10mg*24片/盒','盒','片剂','测试制药有限公司',
        false,'',true,false,false,false,true,0,'复方氨酚烷胺片' FROM generate_series(1,50000) n""")
        await platform.inputs.refresh(c)
    gc.collect(); gc.freeze()
    worst=0.0; stop=False
    async def beat():
        nonlocal worst
        while not stop:
            t=time.perf_counter(); await asyncio.sleep(0.001); worst=max(worst,time.perf_counter()-t-0.001)
    async def timed(infno,data):
        nonlocal worst
        worst=0.0; t=time.perf_counter()
        out=await caller.output(infno,{"data":data}); 
        print(infno, data, f"{time.perf_counter()-t:.3f}s worst stall {worst*1000:.1f} ms", out.get("data_cnt"), out.get("recordCounts"))
        return out
    b=asyncio.create_task(beat())
    l=await timed("1301",{"ver":"v0000"})
    P={"page_num":1,"page_size":1000,"updt_time":""}
    await timed("1312",P); await timed("1312",{**P,"page_num":50}); await timed("1312",{**P,"pinyin":"csff"}); await timed("1312",{**P,"pinyin":"csff"})
    stop=True; await b
