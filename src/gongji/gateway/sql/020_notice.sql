-- What notices are made of is found by its time (epc.notices): reviews at pharmacies, settlements, refunds, sales without insurance.
CREATE INDEX prescriptions_event_noticed ON prescriptions_event (at)
    WHERE verb IN ('review_pass', 'review_refuse', 'settle', 'refund', 'dispense');
